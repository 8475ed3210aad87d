package io.millrace.ffmpeg;

import io.millrace.api.job.Clip;
import java.util.Optional;

/**
 * The part of a segment that is kept, counted from its first picture, both ends included. A part that
 * begins later begins at time zero in the rendition. For one thread.
 */
final class ClipWindow {

    private final long fromMillis;
    private final long toMillis;
    private long start;
    private Fraction base;

    ClipWindow(Optional<Clip> clip) {
        fromMillis = clip.map(c -> c.from().toMillis()).orElse(0L);
        toMillis = clip.map(c -> c.to().toMillis()).orElse(0L);
        if (fromMillis < 0 || toMillis < 0 || toMillis > 0 && toMillis < fromMillis) {
            throw new CodecError(CodecError.INVALID_CLIP);
        }
    }

    /** The first picture's time. */
    long start() {
        return start;
    }

    /** The first picture's time; later ones do not matter. */
    void start(long time, Fraction in) {
        if (base == null) {
            start = time;
            base = in;
        }
    }

    boolean keeps(long time, Fraction in) {
        long since = time - base.rescale(start, in);
        return (fromMillis == 0 || since >= Fraction.MILLIS.rescale(fromMillis, in))
                && (toMillis == 0 || since <= Fraction.MILLIS.rescale(toMillis, in));
    }

    /** What is subtracted from times that are kept. */
    long shift(Fraction in) {
        return fromMillis == 0 ? 0 : base.rescale(start, in) + Fraction.MILLIS.rescale(fromMillis, in);
    }
}
