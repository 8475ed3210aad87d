package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame_flags;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
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
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;

import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;

/**
 * Brings pictures to one size in 8-bit 4:2:0, limited range, whatever they come in; a change in the
 * middle is followed. Bicubic: zimg, which costs half, where it takes the format, else swscale. For
 * one thread.
 */
final class Scaler implements AutoCloseable {

    private static final int KEEP_REF = 8;

    /** Larger than any encoder takes; refused before memory is spent on it. */
    private static final int LARGEST_SIDE = 16_384;

    private record Shape(Size from, int format, int range, int colorspace, Size to) {}

    private Shape shape;
    private AVFilterGraph graph;
    private AVFilterContext source;
    private AVFilterContext sink;

    /** A picture of that size, owned by the caller; the one given stays the caller's. */
    AVFrame scale(AVFrame frame, Size to) {
        Shape wanted = new Shape(
                new Size(frame.width(), frame.height()), frame.format(), frame.color_range(), frame.colorspace(), to);
        if (wanted.from.equals(to) && wanted.format == AV_PIX_FMT_YUV420P && wanted.range != AVCOL_RANGE_JPEG) {
            return av_frame_clone(frame);
        }
        if (!wanted.equals(shape)) {
            configure(wanted);
        }
        CodecError.check(av_buffersrc_add_frame_flags(source, frame, KEEP_REF));
        AVFrame scaled = av_frame_alloc();
        int ret = av_buffersink_get_frame(sink, scaled);
        if (ret < 0) {
            av_frame_free(scaled);
            throw CodecError.of(ret);
        }
        // Rounded sides would make square pixels a little oblong.
        scaled.sample_aspect_ratio(frame.sample_aspect_ratio());
        return scaled;
    }

    private void configure(Shape wanted) {
        if (Math.max(wanted.to.width(), wanted.to.height()) > LARGEST_SIDE) {
            throw new CodecError(CodecError.ENCODER_REFUSED);
        }
        close();
        String size = "w=" + wanted.to.width() + ":h=" + wanted.to.height();
        boolean full = wanted.range == AVCOL_RANGE_JPEG || yuvj(wanted.format);
        boolean built = zimgTakes(wanted)
                && build(wanted, "zscale", size + ":f=bicubic" + (full ? ":rin=full:r=limited" : ""));
        if (!built) {
            close();
            built = build(wanted, "scale", size + ":flags=bicubic:out_range=limited");
        }
        if (!built) {
            close();
            throw new CodecError(CodecError.FILTERS);
        }
        shape = wanted;
    }

    private boolean build(Shape wanted, String filter, String arguments) {
        graph = avfilter_graph_alloc();
        graph.nb_threads(1);
        source = new AVFilterContext(null);
        sink = new AVFilterContext(null);
        AVFilterContext scale = new AVFilterContext(null);
        AVFilterContext format = new AVFilterContext(null);
        // Frames keep their times, so any time base does.
        String input = "video_size=" + wanted.from.width() + "x" + wanted.from.height() + ":pix_fmt=" + wanted.format
                + ":time_base=1/90000:colorspace=" + wanted.colorspace + ":range=" + wanted.range;
        return create(source, "buffer", input)
                && create(scale, filter, arguments)
                && create(format, "format", "pix_fmts=yuv420p")
                && create(sink, "buffersink", null)
                && avfilter_link(source, 0, scale, 0) >= 0
                && avfilter_link(scale, 0, format, 0) >= 0
                && avfilter_link(format, 0, sink, 0) >= 0
                && avfilter_graph_config(graph, null) >= 0;
    }

    private boolean create(AVFilterContext context, String filter, String arguments) {
        return avfilter_graph_create_filter(
                        context, avfilter_get_by_name(filter), filter, arguments, null, graph)
                >= 0;
    }

    private static boolean yuvj(int format) {
        return format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P || format == AV_PIX_FMT_YUVJ444P;
    }

    /** Planar YUV whose sides its chroma divides. */
    private static boolean zimgTakes(Shape shape) {
        AVPixFmtDescriptor format = av_pix_fmt_desc_get(shape.format);
        if (format == null || shape.format == AV_PIX_FMT_NV12 || shape.format == AV_PIX_FMT_NV21) {
            return false;
        }
        long refused = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER
                | AV_PIX_FMT_FLAG_ALPHA;
        return (format.flags() & refused) == 0
                && (format.flags() & AV_PIX_FMT_FLAG_PLANAR) != 0
                && format.nb_components() == 3
                && shape.from.width() % (1 << format.log2_chroma_w()) == 0
                && shape.from.height() % (1 << format.log2_chroma_h()) == 0;
    }

    @Override
    public void close() {
        shape = null;
        if (graph != null) {
            avfilter_graph_free(graph);
            graph = null;
        }
    }
}
