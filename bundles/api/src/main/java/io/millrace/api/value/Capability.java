package io.millrace.api.value;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The capability numbers of the Livepeer network; a job and an offer are sets of them. */
public final class Capability {

    public static final int H264 = 0;
    public static final int MPEGTS = 1;
    public static final int MP4 = 2;
    public static final int FRACTIONAL_FRAMERATES = 3;
    public static final int STORAGE_DIRECT = 4;
    public static final int STORAGE_S3 = 5;
    public static final int STORAGE_GCS = 6;
    public static final int H264_BASELINE_PROFILE = 7;
    public static final int H264_MAIN_PROFILE = 8;
    public static final int H264_HIGH_PROFILE = 9;
    public static final int H264_CONSTRAINED_HIGH_PROFILE = 10;
    public static final int GOP = 11;
    public static final int AUTH_TOKEN = 12;
    public static final int MPEG7_SIGNATURE = 14;
    public static final int HEVC_DECODE = 15;
    public static final int HEVC_ENCODE = 16;
    public static final int VP8_DECODE = 17;
    public static final int VP9_DECODE = 18;
    public static final int VP8_ENCODE = 19;
    public static final int VP9_ENCODE = 20;
    public static final int H264_DECODE_444_8BIT = 21;
    public static final int H264_DECODE_422_8BIT = 22;
    public static final int H264_DECODE_444_10BIT = 23;
    public static final int H264_DECODE_422_10BIT = 24;
    public static final int H264_DECODE_420_10BIT = 25;
    public static final int SEGMENT_SLICING = 26;
    public static final int TEXT_TO_IMAGE = 27;
    public static final int IMAGE_TO_IMAGE = 28;
    public static final int IMAGE_TO_VIDEO = 29;
    public static final int UPSCALE = 30;
    public static final int AUDIO_TO_TEXT = 31;
    public static final int SEGMENT_ANYTHING_2 = 32;
    public static final int LLM = 33;
    public static final int IMAGE_TO_TEXT = 34;
    public static final int LIVE_VIDEO_TO_VIDEO = 35;
    public static final int TEXT_TO_SPEECH = 36;
    public static final int BYOC = 37;

    /**
     * What an orchestrator that only does AI offers besides: gateways of the network ask for these with every AI job
     * (go-livepeer: core/capabilities.go, DefaultCapabilities).
     */
    public static final List<Integer> WITH_AI = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 26);

    private static final Map<Integer, String> PIPELINES = Map.ofEntries(
            Map.entry(TEXT_TO_IMAGE, "text-to-image"),
            Map.entry(IMAGE_TO_IMAGE, "image-to-image"),
            Map.entry(IMAGE_TO_VIDEO, "image-to-video"),
            Map.entry(UPSCALE, "upscale"),
            Map.entry(AUDIO_TO_TEXT, "audio-to-text"),
            Map.entry(SEGMENT_ANYTHING_2, "segment-anything-2"),
            Map.entry(LLM, "llm"),
            Map.entry(IMAGE_TO_TEXT, "image-to-text"),
            Map.entry(LIVE_VIDEO_TO_VIDEO, "live-video-to-video"),
            Map.entry(TEXT_TO_SPEECH, "text-to-speech"),
            Map.entry(BYOC, "byoc"));

    private Capability() {}

    /** The name that go-livepeer's settings have for a capability that works by models; empty for any other. */
    public static Optional<String> pipeline(int capability) {
        return Optional.ofNullable(PIPELINES.get(capability));
    }

    /** The capability of a pipeline's name, such as {@code text-to-image}; empty when there is none of that name. */
    public static OptionalInt ofPipeline(String name) {
        return PIPELINES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }
}
