package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** A few drawn pictures, encoded. An encoder is tried with it, and it warms the codec up. */
final class SampleSegment {

    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;
    private static final int PICTURES = 10;
    private static final int BITRATE = 500_000;
    private static final Fraction BASE = new Fraction(1, 90_000);
    private static final Fraction RATE = new Fraction(30, 1);

    private SampleSegment() {}

    /** Draws and encodes it, in MPEG-TS. */
    static byte[] make(Encoder encoder, String preset) {
        VideoProfile profile = VideoProfile.h264("sample", WIDTH, HEIGHT, BITRATE, 0);
        RenditionOptions coding = new RenditionOptions(profile, encoder, preset, Container.MPEGTS, BASE, Optional.empty());
        try (SegmentOutput output = new SegmentOutput(Container.MPEGTS, null, (before, after) -> {});
                VideoTrack track = new VideoTrack(coding, new ClipWindow(Optional.empty()), output, WorkGuard.none())) {
            for (int i = 0; i < PICTURES; i++) {
                track.take(draw(i), RATE);
            }
            track.end();
            return output.finish();
        }
    }

    /** How many pictures a decoder finds. */
    static int decode(byte[] segment) {
        try (SegmentInput input = new SegmentInput(segment, WorkGuard.none(), null);
                VideoDecoder decoder = new VideoDecoder(input.video(), input.rotation(), (long) WIDTH * HEIGHT)) {
            for (AVPacket packet = input.next(); packet != null; packet = input.next()) {
                decoder.decode(packet, Picture::free);
            }
            decoder.decode(null, Picture::free);
            return decoder.frames();
        }
    }

    /** A slanted gradient that moves. */
    private static AVFrame draw(int number) {
        AVFrame frame = av_frame_alloc();
        frame.format(AV_PIX_FMT_YUV420P).width(WIDTH).height(HEIGHT);
        int ret = av_frame_get_buffer(frame, 0);
        if (ret < 0) {
            av_frame_free(frame);
            throw CodecError.of(ret);
        }
        frame.pts(number * RATE.inverse().rescale(1, BASE));
        for (int plane = 0; plane < 3; plane++) {
            int width = plane == 0 ? WIDTH : WIDTH / 2;
            int height = plane == 0 ? HEIGHT : HEIGHT / 2;
            byte[] row = new byte[width];
            BytePointer data = frame.data(plane);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    row[x] = (byte) (16 + (x + 2 * y + 5 * number) * (plane + 1) % 200);
                }
                data.position((long) y * frame.linesize(plane)).put(row);
            }
        }
        return frame;
    }
}
