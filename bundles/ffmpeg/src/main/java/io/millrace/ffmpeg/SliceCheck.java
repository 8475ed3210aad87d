package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;

import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;

/**
 * Bounds the slices of the packets that FFmpeg decodes while it finds out what a file is. Nothing interrupts FFmpeg
 * within a packet, and a packet of H.264 may hold the same picture thousands of times, in slices of some bytes each.
 */
final class SliceCheck {

    /** Slices of a picture, at most: one for each row of the largest has 288, one for each kilobyte somewhat more. */
    private static final int MOST_SLICES = 512;

    /** Pixels that the slices of one packet may make the decoder work on; it needs some 5 s for them. */
    private static final long MOST_PIXELS = 2_000_000_000;

    /** FFmpeg's own probe size is half of this. */
    private static final long LOOKED_AT = 10_000_000;

    private SliceCheck() {}

    /**
     * Reads the beginning of a file that was just opened.
     *
     * @return pixels that a picture may have, so that no packet takes long
     * @throws CodecError when a packet has too many slices
     */
    static long mostPixels(AVFormatContext format, WorkGuard guard) {
        int most = 1;
        AVPacket packet = av_packet_alloc();
        try {
            long read = 0;
            while (read < LOOKED_AT && av_read_frame(format, packet) >= 0) {
                guard.check();
                AVCodecParameters stream = format.streams(packet.stream_index()).codecpar();
                if (stream.codec_id() == AV_CODEC_ID_H264) {
                    byte[] data = new byte[packet.size()];
                    packet.data().get(data);
                    most = Math.max(most, behindStartCodes(data));
                    most = Math.max(most, behindLengths(data, lengthBytes(stream)));
                    if (most > MOST_SLICES) {
                        throw new CodecError(CodecError.INVALID_VIDEO);
                    }
                }
                read += packet.size();
                av_packet_unref(packet);
            }
            return Math.min(SegmentInput.MOST_PIXELS, MOST_PIXELS / most);
        } finally {
            av_packet_free(packet);
        }
    }

    /** Bytes of the length before each unit (ISO/IEC 14496-15, 5.2.4.1); 0 for units that have none. */
    private static int lengthBytes(AVCodecParameters stream) {
        boolean configured = stream.extradata_size() > 4 && stream.extradata().get(0) == 1;
        return configured ? (stream.extradata().get(4) & 3) + 1 : 0;
    }

    private static int behindStartCodes(byte[] data) {
        int slices = 0;
        for (int i = 0; i + 3 < data.length; i++) {
            if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1 && isSlice(data[i + 3])) {
                slices++;
            }
        }
        return slices;
    }

    private static int behindLengths(byte[] data, int lengthBytes) {
        int slices = 0;
        for (long at = 0; lengthBytes > 0 && at + lengthBytes < data.length; ) {
            long length = 0;
            for (int i = 0; i < lengthBytes; i++) {
                length = length << 8 | data[(int) at + i] & 0xff;
            }
            slices += isSlice(data[(int) at + lengthBytes]) ? 1 : 0;
            at += lengthBytes + length;
        }
        return slices;
    }

    private static boolean isSlice(byte header) {
        int type = header & 0x1f;
        return type >= 1 && type <= 5;
    }
}
