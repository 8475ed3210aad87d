package io.millrace.ffmpeg;

import io.millrace.api.job.VideoProfile;

/** Width and height in pixels. */
record Size(int width, int height) {

    /** What H.264 encoders on graphics cards take; the network holds software to it as well. */
    private static final Size LEAST = new Size(146, 50);

    private static final Size MOST = new Size(4096, 4096);

    long area() {
        return (long) width * height;
    }

    /**
     * The side that decides a rendition's size: the larger of what is asked for, within the limits.
     * It becomes the larger side of the picture, whichever way that is held.
     */
    static int longSide(VideoProfile profile) {
        return Math.max(
                Math.clamp(profile.width(), LEAST.width, MOST.width),
                Math.clamp(profile.height(), LEAST.height, MOST.height));
    }

    /**
     * The size of a rendition of a source: the larger side is {@code longSide}, the other follows the
     * source; where that would be too small it is the least allowed and the larger side follows. Even
     * numbers.
     */
    static Size scaled(Size source, int longSide) {
        if (source.width >= source.height) {
            boolean tooFlat = (double) longSide * source.height / source.width < LEAST.height;
            int height = tooFlat ? LEAST.height : 0;
            int width = tooFlat ? follow(height, source.width, source.height) : longSide & ~1;
            return new Size(width, tooFlat ? height : follow(width, source.height, source.width));
        }
        boolean tooNarrow = (double) longSide * source.width / source.height < LEAST.width;
        int width = tooNarrow ? LEAST.width : 0;
        int height = tooNarrow ? follow(width, source.height, source.width) : longSide & ~1;
        return new Size(tooNarrow ? width : follow(height, source.width, source.height), height);
    }

    /** The even number nearest to {@code side * numerator / denominator}. */
    private static int follow(int side, int numerator, int denominator) {
        long half = ((long) side * numerator + denominator) / (2L * denominator);
        return (int) Math.min(Integer.MAX_VALUE, 2 * half);
    }
}
