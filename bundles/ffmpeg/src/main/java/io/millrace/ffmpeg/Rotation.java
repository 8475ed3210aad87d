package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame_flags;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_remove_side_data;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.IntPointer;

/**
 * Turns pictures as the display matrix of their track says (ISO/IEC 14496-12, 8.3.2), by quarters of a turn and as
 * mirrors do; the ffmpeg command does the same. A transport stream has no place for such a matrix, so that the
 * pictures themselves are turned. For one thread.
 */
final class Rotation implements AutoCloseable {

    private static final int KEEP_REF = 8;
    private static final int MATRIX = 9;

    private record Shape(Size size, int format, int range, int colorspace) {}

    /** Filters with their arguments; none for pictures that stand upright. */
    private final List<String[]> steps;

    private Shape shape;
    private AVFilterGraph graph;
    private AVFilterContext source;
    private AVFilterContext sink;

    private Rotation(List<String[]> steps) {
        this.steps = steps;
    }

    /** As the container says of the track. */
    static Rotation of(AVStream stream) {
        AVPacketSideData found = av_packet_side_data_get(
                stream.codecpar().coded_side_data(), stream.codecpar().nb_coded_side_data(), AV_PKT_DATA_DISPLAYMATRIX);
        int[] matrix = new int[MATRIX];
        if (found == null || found.isNull() || found.size() < (long) MATRIX * Integer.BYTES) {
            return new Rotation(List.of());
        }
        new IntPointer(found.data()).get(matrix);
        return new Rotation(steps(matrix));
    }

    /** The matrix is {@code a b u, c d v, x y w}: a picture lies on its side when only b and c count. */
    static List<String[]> steps(int[] matrix) {
        int a = Integer.signum(matrix[0]);
        int b = Integer.signum(matrix[1]);
        int c = Integer.signum(matrix[3]);
        int d = Integer.signum(matrix[4]);
        List<String[]> steps = new ArrayList<>();
        if (a == 0 && d == 0 && b != 0 && c != 0) {
            String way = b > 0 ? c > 0 ? "cclock_flip" : "clock" : c > 0 ? "cclock" : "clock_flip";
            steps.add(new String[] {"transpose", "dir=" + way});
        } else if (b == 0 && c == 0) {
            if (a < 0) {
                steps.add(new String[] {"hflip", null});
            }
            if (d < 0) {
                steps.add(new String[] {"vflip", null});
            }
        }
        return steps;
    }

    /** The size of a picture after it was turned. */
    Size turned(Size size) {
        boolean aside = !steps.isEmpty() && steps.getFirst()[0].equals("transpose");
        return aside ? new Size(size.height(), size.width()) : size;
    }

    /** The picture turned, which the caller then owns; the one given is freed, unless it is the same. */
    AVFrame turn(AVFrame frame) {
        av_frame_remove_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
        if (steps.isEmpty()) {
            return frame;
        }
        AVFrame turned = av_frame_alloc();
        try {
            Shape wanted = new Shape(
                    new Size(frame.width(), frame.height()), frame.format(), frame.color_range(), frame.colorspace());
            if (!wanted.equals(shape)) {
                close();
                build(wanted);
                shape = wanted;
            }
            CodecError.check(av_buffersrc_add_frame_flags(source, frame, KEEP_REF));
            CodecError.check(av_buffersink_get_frame(sink, turned));
        } catch (RuntimeException e) {
            av_frame_free(turned);
            throw e;
        }
        av_frame_free(frame);
        return turned;
    }

    private void build(Shape wanted) {
        graph = avfilter_graph_alloc();
        graph.nb_threads(1);
        // Frames keep their times, so any time base does.
        String input = "video_size=" + wanted.size.width() + "x" + wanted.size.height() + ":pix_fmt=" + wanted.format
                + ":time_base=1/90000:colorspace=" + wanted.colorspace + ":range=" + wanted.range;
        source = filter("buffer", input);
        AVFilterContext last = source;
        for (String[] step : steps) {
            AVFilterContext next = filter(step[0], step[1]);
            connect(avfilter_link(last, 0, next, 0));
            last = next;
        }
        sink = filter("buffersink", null);
        connect(avfilter_link(last, 0, sink, 0));
        connect(avfilter_graph_config(graph, null));
    }

    private AVFilterContext filter(String name, String arguments) {
        AVFilterContext context = new AVFilterContext(null);
        connect(avfilter_graph_create_filter(context, avfilter_get_by_name(name), name, arguments, null, graph));
        return context;
    }

    private static void connect(int result) {
        if (result < 0) {
            throw new CodecError(CodecError.FILTERS);
        }
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
