package io.millrace.api.job;

import java.math.BigInteger;

/**
 * One rendition that is asked for.
 *
 * @param name unique within a job; becomes part of addresses, so it is never empty
 * @param width pixels
 * @param height pixels
 * @param bitrate bits per second
 * @param fps frames per {@code fpsDen} seconds; 0 keeps the source's frames
 * @param fpsDen 0 or 1 for whole frame rates
 * @param format container of the rendition
 * @param encoderProfile H.264 profile
 * @param gop {@link #GOP_DEFAULT}, {@link #GOP_INTRA}, or milliseconds between keyframes
 * @param codec video codec
 * @param colorDepth bits per sample above 8
 * @param chroma chroma subsampling
 * @param quality constant quality 1..63, 0 for none; the bitrate is then only the cap
 */
public record VideoProfile(
        String name,
        int width,
        int height,
        int bitrate,
        int fps,
        int fpsDen,
        Container format,
        EncoderProfile encoderProfile,
        int gop,
        VideoCodec codec,
        int colorDepth,
        Chroma chroma,
        int quality) {

    /** The encoder's own choice of keyframes. */
    public static final int GOP_DEFAULT = 0;

    /** Every frame is a keyframe. */
    public static final int GOP_INTRA = -1;

    /** Container of segments and renditions; {@code UNSET} follows the source. */
    public enum Container {
        UNSET,
        MPEGTS,
        MP4;

        /** File name extension, with the dot. */
        public String extension() {
            return this == MP4 ? ".mp4" : ".ts";
        }

        /** Media type of the wire. */
        public String contentType() {
            return this == MP4 ? "video/mp4" : "video/mp2t";
        }
    }

    /** H.264 profile. */
    public enum EncoderProfile {
        NONE,
        H264_BASELINE,
        H264_MAIN,
        H264_HIGH,
        H264_CONSTRAINED_HIGH
    }

    /** Video codec. */
    public enum VideoCodec {
        H264,
        H265,
        VP8,
        VP9
    }

    /** Chroma subsampling. */
    public enum Chroma {
        YUV420,
        YUV422,
        YUV444
    }

    /** Checks the name, which signatures and addresses depend on. */
    public VideoProfile {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a profile has a name");
        }
    }

    /** H.264 with the encoder's own choice of everything else, as the presets are. */
    public static VideoProfile h264(String name, int width, int height, int bitrate, int fps) {
        return new VideoProfile(
                name,
                width,
                height,
                bitrate,
                fps,
                0,
                Container.UNSET,
                EncoderProfile.NONE,
                GOP_DEFAULT,
                VideoCodec.H264,
                0,
                Chroma.YUV420,
                0);
    }

    /** The same in this container. */
    public VideoProfile withFormat(Container newFormat) {
        return new VideoProfile(
                name, width, height, bitrate, fps, fpsDen, newFormat, encoderProfile, gop, codec, colorDepth, chroma,
                quality);
    }

    /** Pixels of {@code seconds} whole seconds; 60 frames a second are assumed where the source decides. */
    public BigInteger pixels(long seconds) {
        long framesPerSecond = fps == 0 ? 60 : Math.ceilDiv(fps, Math.max(1, fpsDen));
        return BigInteger.valueOf(width)
                .multiply(BigInteger.valueOf(height))
                .multiply(BigInteger.valueOf(framesPerSecond))
                .multiply(BigInteger.valueOf(seconds));
    }
}
