package org.example.loudness;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_init_str;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_describe;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_get_sample_fmt_name;

import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** FFmpeg's ebur128 filter. Used by one thread; everything native is freed by close. */
final class Meter implements AutoCloseable {

    private static final String PREFIX = "lavfi.r128.";

    /** What the filter says of silence. */
    private static final double SILENCE = -70;

    private final AVFilterGraph graph = avfilter_graph_alloc();
    private final AVFrame measured = av_frame_alloc();
    private final AVFilterContext source;
    private final AVFilterContext sink;
    private final int rate;
    private double integrated = SILENCE;
    private double range;
    private OptionalDouble peak = OptionalDouble.empty();
    private long samples;

    /** For sound like {@code first}. */
    Meter(AVFrame first, boolean truePeak) throws UnmeasurableSound {
        rate = first.sample_rate();
        try {
            source = filter("abuffer", "sample_rate=" + rate + ":sample_fmt="
                    + av_get_sample_fmt_name(first.format()).getString() + ":channel_layout=" + layout(first)
                    + ":time_base=1/" + rate);
            AVFilterContext meter =
                    filter("ebur128", "metadata=1:framelog=quiet:peak=" + (truePeak ? "true" : "none"));
            sink = filter("abuffersink", null);
            UnmeasurableSound.check(avfilter_link(source, 0, meter, 0));
            UnmeasurableSound.check(avfilter_link(meter, 0, sink, 0));
            UnmeasurableSound.check(avfilter_graph_config(graph, null));
        } catch (UnmeasurableSound | RuntimeException e) {
            close();
            throw e;
        }
    }

    private AVFilterContext filter(String name, String options) throws UnmeasurableSound {
        AVFilterContext filter = avfilter_graph_alloc_filter(graph, avfilter_get_by_name(name), name);
        UnmeasurableSound.check(avfilter_init_str(filter, options));
        return filter;
    }

    private static String layout(AVFrame frame) throws UnmeasurableSound {
        byte[] text = new byte[128];
        UnmeasurableSound.check(av_channel_layout_describe(frame.ch_layout(), text, text.length));
        return new String(text, StandardCharsets.UTF_8).trim();
    }

    /** Takes a piece of sound, which must be like the first. */
    void add(AVFrame frame) throws UnmeasurableSound {
        frame.pts(samples);
        samples += frame.nb_samples();
        UnmeasurableSound.check(av_buffersrc_add_frame(source, frame));
        look();
    }

    /** All that was added. */
    Loudness result() throws UnmeasurableSound {
        UnmeasurableSound.check(av_buffersrc_add_frame(source, null));
        look();
        return new Loudness(integrated, range, peak, (double) samples / rate);
    }

    private void look() {
        while (av_buffersink_get_frame(sink, measured) >= 0) {
            integrated = said("I").orElse(integrated);
            range = said("LRA").orElse(range);
            OptionalDouble highest = said("true_peak");
            if (highest.isPresent()) {
                peak = OptionalDouble.of(20 * Math.log10(highest.getAsDouble()));
            }
            av_frame_unref(measured);
        }
    }

    private OptionalDouble said(String key) {
        AVDictionaryEntry entry = av_dict_get(measured.metadata(), PREFIX + key, null, 0);
        return entry == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(Double.parseDouble(entry.value().getString()));
    }

    @Override
    public void close() {
        avfilter_graph_free(graph);
        av_frame_free(measured);
    }
}
