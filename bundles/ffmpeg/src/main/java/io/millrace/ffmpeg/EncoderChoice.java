package io.millrace.ffmpeg;

import java.util.ArrayList;
import java.util.List;

/**
 * Which encoder works on this machine. Only a real picture tells: an encoder opens without the hardware
 * it needs.
 *
 * @param encoder null when none works
 * @param reason one line for the operator
 * @param sample a segment that it has made
 */
record EncoderChoice(Encoder encoder, String reason, byte[] sample) {

    /** Tries these in turn until one encodes pictures that can be decoded again. */
    static EncoderChoice among(List<Encoder> candidates, String preset) {
        List<String> failures = new ArrayList<>();
        for (Encoder encoder : candidates) {
            try {
                byte[] sample = SampleSegment.make(encoder, preset);
                if (SampleSegment.decode(sample) > 0) {
                    String why = failures.isEmpty()
                            ? "the first of those allowed"
                            : "the first that works: " + String.join("; ", failures);
                    return new EncoderChoice(encoder, encoder.codec + ", " + why, sample);
                }
                failures.add(encoder.codec + " makes pictures that cannot be decoded");
            } catch (CodecError e) {
                failures.add(encoder.codec + " says \"" + e.getMessage() + '"');
            }
        }
        return new EncoderChoice(null, "no H.264 encoder works here: " + String.join("; ", failures), new byte[0]);
    }
}
