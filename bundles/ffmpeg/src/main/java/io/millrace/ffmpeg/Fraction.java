package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_ROUND_NEAR_INF;
import static org.bytedeco.ffmpeg.global.avutil.AV_ROUND_PASS_MINMAX;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_rnd;

import org.bytedeco.ffmpeg.avutil.AVRational;

/** A ratio of two integers: a time base in seconds, or frames a second. */
record Fraction(int num, int den) {

    static final Fraction MILLIS = new Fraction(1, 1000);

    static Fraction of(AVRational native_) {
        return new Fraction(native_.num(), native_.den());
    }

    boolean positive() {
        return num > 0 && den > 0;
    }

    double toDouble() {
        return (double) num / den;
    }

    Fraction inverse() {
        return new Fraction(den, num);
    }

    /** A time in this base, in the other base, rounded to the nearest. */
    long rescale(long time, Fraction to) {
        if (equals(to)) {
            return time;
        }
        return av_rescale_rnd(
                time, (long) num * to.den, (long) to.num * den, AV_ROUND_NEAR_INF | AV_ROUND_PASS_MINMAX);
    }
}
