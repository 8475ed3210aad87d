package io.millrace.media.probe;

import io.millrace.media.codec.Aac;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.UnreadableMedia;

/** The sound track of a transport stream: its format and, for AAC, its length by the frames in it. */
final class SoundReader {

    private static final double TICKS_PER_SECOND = 90_000;

    private final TimeLine times = new TimeLine();
    private Aac aac;
    private long frames;

    void unit(String codec, long pts, byte[] payload, int from, int to) {
        times.add(pts);
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

    AudioFormat format(String announced) {
        return aac == null ? AudioFormat.of(announced) : aac.format();
    }

    TimeLine times() {
        return times;
    }

    /** In ticks of 90 kHz. */
    double length() {
        if (aac != null) {
            return frames * (double) Aac.FRAME_SAMPLES / aac.sampleRate() * TICKS_PER_SECOND;
        }
        return times.stamps() < 2 ? 0 : times.span() + (double) times.span() / (times.stamps() - 1);
    }
}
