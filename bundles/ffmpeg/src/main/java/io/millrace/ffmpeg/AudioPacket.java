package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_clone;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;

import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** A packet of sound that is copied; its holder owns it. */
record AudioPacket(AVPacket packet) implements FrameQueue.Item {

    static AudioPacket copyOf(AVPacket packet) {
        return new AudioPacket(av_packet_clone(packet));
    }

    @Override
    public void free() {
        av_packet_free(packet);
    }
}
