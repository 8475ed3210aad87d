package io.millrace.api.gateway;

import io.millrace.api.job.VideoProfile;

/**
 * What a segment holds.
 *
 * @param container of the segment
 * @param videoCodec {@code h264}, {@code hevc}, {@code vp8}, {@code vp9}; empty without video
 * @param audioCodec such as {@code aac}; empty without audio
 * @param width pixels, 0 when there is no video frame
 * @param height pixels
 * @param pixelFormat FFmpeg's name such as {@code yuv420p}; empty when unknown
 * @param framesPerSecond 0 when unknown
 * @param codecs RFC 6381 text for a playlist; empty when unknown
 * @param videoFrames frames in the segment; 0 with video announced is a "zero-frame" segment
 */
public record MediaInfo(
        VideoProfile.Container container,
        String videoCodec,
        String audioCodec,
        int width,
        int height,
        String pixelFormat,
        double framesPerSecond,
        String codecs,
        int videoFrames) {

    /** Whether a decoder made for {@code other} can go on with this. */
    public boolean sameFormat(MediaInfo other) {
        return videoCodec.equals(other.videoCodec)
                && audioCodec.equals(other.audioCodec)
                && pixelFormat.equals(other.pixelFormat)
                && width == other.width
                && height == other.height;
    }
}
