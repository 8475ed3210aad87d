package io.millrace.media.codec;

/**
 * A video track's format, as its parameter sets say it.
 *
 * @param codec FFmpeg's decoder name: {@code h264}, {@code hevc}, {@code vp8}, {@code vp9}, {@code av1}
 * @param width pixels after cropping
 * @param height pixels after cropping
 * @param pixelFormat FFmpeg's name, whatever the range of its values; empty when unknown
 * @param framesPerSecond nominal, 0 when it does not say
 * @param name RFC 6381 text, empty when unknown
 */
public record VideoFormat(
        String codec, int width, int height, String pixelFormat, double framesPerSecond, String name) {

    /** Largest side a parameter set may claim, in pixels. */
    static final int MAX_SIDE = 16_384;

    /** A format of which only the codec is known. */
    public static VideoFormat unknown(String codec) {
        return new VideoFormat(codec, 0, 0, "", 0, "");
    }

    static void checkSize(long width, long height) throws UnreadableMedia {
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
            throw new UnreadableMedia("its picture size " + width + "x" + height + " is not possible");
        }
    }

    /** FFmpeg's name of planar YUV with this subsampling (0 to 3 as in H.264) and depth. */
    static String pixelFormat(int chromaFormat, int depth) {
        String suffix = depth == 8 ? "" : depth + "le";
        return switch (chromaFormat) {
            case 0 -> "gray" + suffix;
            case 1 -> "yuv420p" + suffix;
            case 2 -> "yuv422p" + suffix;
            default -> "yuv444p" + suffix;
        };
    }
}
