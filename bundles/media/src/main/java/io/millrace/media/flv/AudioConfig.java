package io.millrace.media.flv;

import io.millrace.media.codec.Aac;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.ts.TsMuxer;
import java.util.Arrays;

/**
 * How a publisher's sound is made.
 *
 * @param aac null when it is MP3
 */
public record AudioConfig(Aac aac) {

    /** MP3 describes itself, frame by frame. */
    public static final AudioConfig MP3 = new AudioConfig(null);

    /** Longer than any frame of MP3. */
    private static final int MAX_MP3_FRAME = 8 << 10;

    private static final int MP3_FRAME_SAMPLES = 1152;
    private static final int MP3_USUAL_RATE = 44_100;

    /** As told to viewers. */
    public AudioFormat format() {
        return aac == null ? AudioFormat.of("mp3") : aac.format();
    }

    /** Stream type in a transport stream. */
    public int streamType() {
        return aac == null ? TsMuxer.MP3 : TsMuxer.AAC;
    }

    /** Length of a frame in ticks of 90 kHz. */
    public double frameTicks() {
        return aac == null
                ? 90_000.0 * MP3_FRAME_SAMPLES / MP3_USUAL_RATE
                : 90_000.0 * Aac.FRAME_SAMPLES / aac.sampleRate();
    }

    /** A frame in byte stream form. */
    public byte[] byteStream(byte[] bytes, int from, int to) throws UnreadableMedia {
        if (aac == null) {
            if (to - from > MAX_MP3_FRAME) {
                throw new UnreadableMedia("an MP3 frame of " + (to - from) + " bytes is too long");
            }
            return Arrays.copyOfRange(bytes, from, to);
        }
        if (Aac.isAdts(bytes, from, to) && Aac.adtsLength(bytes, from) == to - from) {
            return Arrays.copyOfRange(bytes, from, to); // some encoders leave the header on
        }
        byte[] out = new byte[Aac.ADTS_BYTES + to - from];
        aac.writeAdts(out, 0, to - from);
        System.arraycopy(bytes, from, out, Aac.ADTS_BYTES, to - from);
        return out;
    }

    /**
     * A frame in byte stream form as the first of a segment: with the program config element before it where no header
     * names the channels (ISO/IEC 14496-3, 1.A.4.3), so that decoding can begin there.
     */
    public byte[] first(byte[] frame) {
        return aac == null ? frame : aac.withElement(frame);
    }
}
