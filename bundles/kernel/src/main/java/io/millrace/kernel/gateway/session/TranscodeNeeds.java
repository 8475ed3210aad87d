package io.millrace.kernel.gateway.session;

import static io.millrace.api.value.Capability.AUTH_TOKEN;
import static io.millrace.api.value.Capability.FRACTIONAL_FRAMERATES;
import static io.millrace.api.value.Capability.GOP;
import static io.millrace.api.value.Capability.H264;
import static io.millrace.api.value.Capability.H264_BASELINE_PROFILE;
import static io.millrace.api.value.Capability.H264_CONSTRAINED_HIGH_PROFILE;
import static io.millrace.api.value.Capability.H264_DECODE_420_10BIT;
import static io.millrace.api.value.Capability.H264_DECODE_422_10BIT;
import static io.millrace.api.value.Capability.H264_DECODE_422_8BIT;
import static io.millrace.api.value.Capability.H264_DECODE_444_10BIT;
import static io.millrace.api.value.Capability.H264_DECODE_444_8BIT;
import static io.millrace.api.value.Capability.H264_HIGH_PROFILE;
import static io.millrace.api.value.Capability.H264_MAIN_PROFILE;
import static io.millrace.api.value.Capability.HEVC_DECODE;
import static io.millrace.api.value.Capability.HEVC_ENCODE;
import static io.millrace.api.value.Capability.MP4;
import static io.millrace.api.value.Capability.MPEGTS;
import static io.millrace.api.value.Capability.SEGMENT_SLICING;
import static io.millrace.api.value.Capability.VP8_DECODE;
import static io.millrace.api.value.Capability.VP8_ENCODE;
import static io.millrace.api.value.Capability.VP9_DECODE;
import static io.millrace.api.value.Capability.VP9_ENCODE;

import io.millrace.api.job.JobSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.Capabilities;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What an orchestrator must be able to do for a transcoding job, as the network computes it. */
public final class TranscodeNeeds {

    private TranscodeNeeds() {}

    /**
     * The needs of a job.
     *
     * @param videoCodec of the input
     * @param pixelFormat of the input; unknown ones ask for nothing
     * @param slicing whether parts of segments may be asked for
     * @param minVersion least version of the orchestrator, empty for any
     * @throws IllegalArgumentException when nobody on the network can decode such an input; the message
     *     is for whoever sent it
     */
    public static JobSpec of(
            String videoCodec, String pixelFormat, List<VideoProfile> profiles, boolean slicing, String minVersion) {
        Set<Integer> needs = new TreeSet<>();
        needs.add(AUTH_TOKEN);
        if (slicing) {
            needs.add(SEGMENT_SLICING);
        }
        needs.add(decoder(videoCodec));
        if (videoCodec.equals("h264")) {
            int sampling = sampling(pixelFormat);
            if (sampling >= 0) {
                needs.add(sampling);
            }
        }
        for (VideoProfile profile : profiles) {
            addOutput(needs, profile);
        }
        return JobSpec.needing(Capabilities.of(needs).withMinVersion(minVersion));
    }

    private static void addOutput(Set<Integer> needs, VideoProfile profile) {
        needs.add(profile.format() == VideoProfile.Container.MP4 ? MP4 : MPEGTS);
        needs.add(switch (profile.codec()) {
            case H264 -> H264;
            case H265 -> HEVC_ENCODE;
            case VP8 -> VP8_ENCODE;
            case VP9 -> VP9_ENCODE;
        });
        switch (profile.encoderProfile()) {
            case NONE -> {}
            case H264_BASELINE -> needs.add(H264_BASELINE_PROFILE);
            case H264_MAIN -> needs.add(H264_MAIN_PROFILE);
            case H264_HIGH -> needs.add(H264_HIGH_PROFILE);
            case H264_CONSTRAINED_HIGH -> needs.add(H264_CONSTRAINED_HIGH_PROFILE);
        }
        if (profile.fpsDen() > 0) {
            needs.add(FRACTIONAL_FRAMERATES);
        }
        if (profile.gop() != VideoProfile.GOP_DEFAULT) {
            needs.add(GOP);
        }
    }

    private static int decoder(String videoCodec) {
        return switch (videoCodec) {
            case "h264" -> H264;
            case "hevc" -> HEVC_DECODE;
            case "vp8" -> VP8_DECODE;
            case "vp9" -> VP9_DECODE;
            default -> throw new IllegalArgumentException("Unknown input stream codec=" + videoCodec);
        };
    }

    private static int sampling(String pixelFormat) {
        return switch (pixelFormat) {
            case "yuv444p" -> H264_DECODE_444_8BIT;
            case "yuv422p", "yuyv422", "uyvy422" -> H264_DECODE_422_8BIT;
            case "yuv444p10le", "yuv444p10be" -> H264_DECODE_444_10BIT;
            case "yuv422p10le", "yuv422p10be" -> H264_DECODE_422_10BIT;
            case "yuv420p10le", "yuv420p10be" -> H264_DECODE_420_10BIT;
            default -> {
                if (pixelFormat.matches("yuv4(20|22|44)p1[26][lb]e")) {
                    throw new IllegalArgumentException("Unsupported input pixel format " + pixelFormat);
                }
                yield -1;
            }
        };
    }
}
