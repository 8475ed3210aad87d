package io.millrace.ffmpeg;

import io.millrace.api.job.Clip;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import java.util.Optional;

/**
 * The options with which one rendition is encoded.
 *
 * @param profile what is asked for
 * @param encoder what encodes it
 * @param preset of x264
 * @param container what it is in
 * @param source time base of the pictures that come
 * @param clip the part of the segment
 */
record RenditionOptions(
        VideoProfile profile,
        Encoder encoder,
        String preset,
        Container container,
        Fraction source,
        Optional<Clip> clip) {

    /** Refuses what cannot be asked for, with the text of the wire. */
    RenditionOptions {
        if (profile.codec() != VideoProfile.VideoCodec.H264) {
            throw new CodecError(CodecError.NO_ENCODER);
        }
        if (profile.gop() < VideoProfile.GOP_INTRA) {
            throw new CodecError(CodecError.INVALID_GOP);
        }
    }

    /** Whether pictures are repeated and dropped to reach a constant rate. */
    boolean fixedRate() {
        return profile.fps() > 0;
    }

    /** Frames a second that are asked for. */
    Fraction rate() {
        return new Fraction(profile.fps(), Math.max(1, profile.fpsDen()));
    }

    /** Time base of the pictures that are encoded. */
    Fraction base() {
        return fixedRate() ? rate().inverse() : source;
    }

    /** Ticks of {@link #base} from one forced keyframe to the next; 0 leaves it to the encoder. */
    long forcedKeyframes() {
        return profile.gop() > 0 && !fixedRate() ? Math.max(1, Fraction.MILLIS.rescale(profile.gop(), source)) : 0;
    }

    /** Frames from one keyframe to the next at most; negative for the encoder's own choice. */
    int keyframeInterval() {
        if (profile.gop() == VideoProfile.GOP_INTRA) {
            return 1;
        }
        if (profile.gop() > 0 && fixedRate()) {
            return Math.clamp((long) (profile.gop() * rate().toDouble() / 1000), 1, Integer.MAX_VALUE);
        }
        return -1;
    }
}
