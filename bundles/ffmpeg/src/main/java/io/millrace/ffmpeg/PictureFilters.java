package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame_flags;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.util.List;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Filters of FFmpeg, one after the other, for pictures of one form. For one thread. */
final class PictureFilters implements AutoCloseable {

    private static final int KEEP_REF = 8;

    /** What all pictures of a graph have in common. */
    record Form(Size size, int format, int range, int colorspace) {

        static Form of(AVFrame frame) {
            return new Form(
                    new Size(frame.width(), frame.height()), frame.format(), frame.color_range(), frame.colorspace());
        }
    }

    /**
     * A filter.
     *
     * @param arguments null for none
     */
    record Step(String name, String arguments) {}

    private final Form form;
    private final AVFilterGraph graph;
    private final AVFilterContext source;
    private final AVFilterContext sink;

    /**
     * Builds the graph.
     *
     * @throws CodecError when FFmpeg cannot build it
     */
    PictureFilters(Form form, List<Step> steps) {
        this.form = form;
        graph = avfilter_graph_alloc();
        boolean built = false;
        try {
            graph.nb_threads(1);
            // Frames keep their times, so any time base does.
            source = filter(new Step(
                    "buffer",
                    "video_size=" + form.size.width() + "x" + form.size.height() + ":pix_fmt=" + form.format
                            + ":time_base=1/90000:colorspace=" + form.colorspace + ":range=" + form.range));
            AVFilterContext last = source;
            for (Step step : steps) {
                last = follow(last, step);
            }
            sink = follow(last, new Step("buffersink", null));
            succeed(avfilter_graph_config(graph, null));
            built = true;
        } finally {
            if (!built) {
                close();
            }
        }
    }

    private AVFilterContext follow(AVFilterContext last, Step step) {
        AVFilterContext next = filter(step);
        succeed(avfilter_link(last, 0, next, 0));
        return next;
    }

    private AVFilterContext filter(Step step) {
        AVFilterContext context = new AVFilterContext(null);
        succeed(avfilter_graph_create_filter(
                context, avfilter_get_by_name(step.name), step.name, step.arguments, null, graph));
        return context;
    }

    private static void succeed(int result) {
        if (result < 0) {
            throw new CodecError(CodecError.FILTERS);
        }
    }

    /** Of which pictures they are. */
    Form form() {
        return form;
    }

    /** The picture filtered, owned by the caller; the one given stays the caller's. */
    AVFrame filter(AVFrame frame) {
        AVFrame filtered = av_frame_alloc();
        try {
            CodecError.check(av_buffersrc_add_frame_flags(source, frame, KEEP_REF));
            CodecError.check(av_buffersink_get_frame(sink, filtered));
        } catch (RuntimeException e) {
            av_frame_free(filtered);
            throw e;
        }
        return filtered;
    }

    @Override
    public void close() {
        avfilter_graph_free(graph);
    }
}
