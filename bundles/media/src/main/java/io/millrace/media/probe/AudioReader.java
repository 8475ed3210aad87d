package io.millrace.media.probe;

import io.millrace.media.codec.Aac;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.UnreadableMedia;

/** The format of the sound track of a transport stream. */
final class AudioReader {

    private Aac aac;

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
                at += Math.max(Aac.ADTS_BYTES, Aac.adtsLength(payload, at));
            } catch (UnreadableMedia searched) {
                at++; // bytes that looked like a header
            }
        }
    }

    AudioFormat format(String announced) {
        return aac == null ? AudioFormat.of(announced) : aac.format();
    }
}
