package io.millrace.media.probe;

import io.millrace.media.codec.Aac;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.UnreadableMedia;

/** The format of the sound track of a transport stream. */
final class AudioReader {

    private Aac aac;
    private int frames;

    void unit(String codec, byte[] payload, int from, int to) {
        if (!codec.equals("aac")) {
            return;
        }
        int at = from;
        while (at + Aac.ADTS_BYTES <= to) {
            if (!Aac.isAdts(payload, at, to)) {
                at++; // a unit may begin within a frame
                continue;
            }
            try {
                aac = Aac.parseAdts(payload, at, to);
                frames++;
                at += Math.max(Aac.ADTS_BYTES, Aac.adtsLength(payload, at));
            } catch (UnreadableMedia searched) {
                at++; // bytes that looked like a header
            }
        }
    }

    /** How long the frames are that were found; 0 for other codecs. */
    double seconds() {
        return aac == null ? 0 : (double) frames * Aac.FRAME_SAMPLES / aac.sampleRate();
    }

    AudioFormat format(String announced) {
        return aac == null ? AudioFormat.of(announced) : aac.format();
    }
}
