package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_ALPHA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_BAYER;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_HWACCEL;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_PAL;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_PLANAR;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_NV12;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_NV21;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;

import io.millrace.ffmpeg.PictureFilters.Form;
import io.millrace.ffmpeg.PictureFilters.Step;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;

/**
 * Brings pictures to one size in 8-bit 4:2:0, limited range, whatever they come in; a change in the
 * middle is followed. Bicubic: zimg, which costs half, where it takes the format, else swscale. For
 * one thread.
 */
final class Scaler implements AutoCloseable {

    /** Larger than any encoder takes; refused before memory is spent on it. */
    private static final int LARGEST_SIDE = 16_384;

    private PictureFilters filters;
    private Size size;

    /** A picture of that size, owned by the caller; the one given stays the caller's. */
    AVFrame scale(AVFrame frame, Size to) {
        Form form = Form.of(frame);
        if (form.size().equals(to) && form.format() == AV_PIX_FMT_YUV420P && form.range() != AVCOL_RANGE_JPEG) {
            return av_frame_clone(frame);
        }
        if (filters == null || !filters.form().equals(form) || !to.equals(size)) {
            configure(form, to);
        }
        AVFrame scaled = filters.filter(frame);
        // Rounded sides would make square pixels a little oblong.
        scaled.sample_aspect_ratio(frame.sample_aspect_ratio());
        return scaled;
    }

    private void configure(Form form, Size to) {
        if (Math.max(to.width(), to.height()) > LARGEST_SIDE) {
            throw new CodecError(CodecError.ENCODER_REFUSED);
        }
        close();
        filters = build(form, to);
        size = to;
    }

    private static PictureFilters build(Form form, Size to) {
        String scaled = "w=" + to.width() + ":h=" + to.height();
        if (zimgTakes(form)) {
            boolean full = form.range() == AVCOL_RANGE_JPEG || yuvj(form.format());
            try {
                return build(form, new Step("zscale", scaled + ":f=bicubic" + (full ? ":rin=full:r=limited" : "")));
            } catch (CodecError e) {
                // swscale may take it
            }
        }
        return build(form, new Step("scale", scaled + ":flags=bicubic:out_range=limited"));
    }

    private static PictureFilters build(Form form, Step scale) {
        return new PictureFilters(form, List.of(scale, new Step("format", "pix_fmts=yuv420p")));
    }

    private static boolean yuvj(int format) {
        return format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P || format == AV_PIX_FMT_YUVJ444P;
    }

    /** Planar YUV whose sides its chroma divides. */
    private static boolean zimgTakes(Form form) {
        AVPixFmtDescriptor format = av_pix_fmt_desc_get(form.format());
        if (format == null || form.format() == AV_PIX_FMT_NV12 || form.format() == AV_PIX_FMT_NV21) {
            return false;
        }
        long refused = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER
                | AV_PIX_FMT_FLAG_ALPHA;
        return (format.flags() & refused) == 0
                && (format.flags() & AV_PIX_FMT_FLAG_PLANAR) != 0
                && format.nb_components() == 3
                && form.size().width() % (1 << format.log2_chroma_w()) == 0
                && form.size().height() % (1 << format.log2_chroma_h()) == 0;
    }

    @Override
    public void close() {
        if (filters != null) {
            filters.close();
            filters = null;
        }
    }
}
