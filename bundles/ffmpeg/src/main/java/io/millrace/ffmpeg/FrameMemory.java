package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.av_get_padded_bits_per_pixel;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;

import io.millrace.api.resource.Budget;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;

/**
 * The native memory of one segment, charged to the node's budget before it is used. The estimates come from
 * measurements of the process while it encoded 1280x720 and 4096x2304. Thread-safe.
 */
final class FrameMemory implements AutoCloseable {

    /** Pictures that H.264 may keep for reference, the one in work, and those that wait for renditions. */
    private static final int DECODED_PICTURES = 16 + 1 + 4;

    /** Bits of a pixel where the source does not say them: 8-bit 4:2:0. */
    private static final int USUAL_BITS = 12;

    /** What an encoder, a scaler and a muxer take, however small the picture is. */
    private static final long PER_RENDITION = 16 << 20;

    /** The demuxer's own, and the pictures that are decoded to learn what a file is. */
    private static final long READING = 16 << 20;

    /** Renditions are charged in such pieces as they grow; a buffer that grows is held twice for a moment. */
    private static final long OUTPUT_PIECE = 4 << 20;

    private static final int OUTPUT_COPIES = 2;

    /** What x264 takes for a pixel of the picture: it looks ahead by 0 to 60 pictures. */
    private static final Map<String, Integer> X264_BYTES = Map.of(
            "ultrafast", 45, "superfast", 60, "veryfast", 80, "faster", 110, "fast", 140, "medium", 190, "slow", 230,
            "slower", 300, "veryslow", 450, "placebo", 500);

    private static final int OTHER_BYTES = 30;
    private static final int MEGABYTE = 1 << 20;

    private final Budget budget;
    private final Budget.Charge charge;
    private long pictures;

    FrameMemory(Budget budget) {
        this.budget = budget;
        this.charge = budget.open("codec");
    }

    /** Charges what reading an input takes. */
    void reading(long bytes) {
        take(bytes + READING);
    }

    /** Charges the pictures of a source of that size and of its renditions, as far as they are more than before. */
    synchronized void pictures(Size source, int pixelFormat, List<Size> renditions, Encoder encoder, String preset) {
        long needed = estimate(source, pixelFormat, renditions, encoder, preset);
        if (needed > pictures) {
            take(needed - pictures);
            pictures = needed;
        }
    }

    /** Charges an output that grows from one size to another. */
    void output(long before, long after) {
        long pieces = after / OUTPUT_PIECE - before / OUTPUT_PIECE;
        if (pieces > 0) {
            take(OUTPUT_COPIES * OUTPUT_PIECE * pieces);
        }
    }

    static long estimate(Size source, int pixelFormat, List<Size> renditions, Encoder encoder, String preset) {
        AVPixFmtDescriptor format = av_pix_fmt_desc_get(pixelFormat);
        int bits = format == null ? USUAL_BITS : av_get_padded_bits_per_pixel(format);
        long bytesEach = encoder == Encoder.X264 ? X264_BYTES.get(preset) : OTHER_BYTES;
        long sum = DECODED_PICTURES * source.area() * bits / 8;
        for (Size rendition : renditions) {
            sum += PER_RENDITION + bytesEach * rendition.area();
        }
        return sum;
    }

    private void take(long bytes) {
        if (!charge.add(bytes)) {
            if (charge.held() + bytes > budget.limit()) {
                throw CodecError.tooMuchMemory((charge.held() + bytes) / MEGABYTE, budget.limit() / MEGABYTE);
            }
            throw CodecError.busy();
        }
    }

    /** Gives the whole charge back, once all native memory is freed. */
    @Override
    public void close() {
        charge.close();
    }
}
