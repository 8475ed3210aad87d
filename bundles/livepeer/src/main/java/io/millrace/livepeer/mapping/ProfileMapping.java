package io.millrace.livepeer.mapping;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Chroma;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.job.VideoProfile.EncoderProfile;
import io.millrace.api.job.VideoProfile.VideoCodec;
import io.millrace.livepeer.wire.SegData;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps video profiles. A segment carries them in one of three fields, chosen so that an orchestrator of an older
 * version, which does not know the newest field, cannot misread a profile.
 */
final class ProfileMapping {

    private ProfileMapping() {}

    /** Writes the profiles into the field for the most demanding of them. */
    static void write(List<VideoProfile> profiles, SegData.Builder message) {
        List<io.millrace.livepeer.wire.VideoProfile> messages =
                profiles.stream().map(ProfileMapping::toWire).toList();
        if (profiles.stream().anyMatch(ProfileMapping::isDemanding)) {
            message.addAllFullProfiles3(messages);
        } else if (profiles.stream().anyMatch(profile -> profile.format() == Container.MP4)) {
            message.addAllFullProfiles2(messages);
        } else {
            message.addAllFullProfiles(messages);
        }
    }

    /** Reads the first field that holds any, from the most demanding one down. */
    static List<VideoProfile> read(SegData message) throws Malformed {
        List<io.millrace.livepeer.wire.VideoProfile> messages = message.getFullProfiles3Count() > 0
                ? message.getFullProfiles3List()
                : message.getFullProfiles2Count() > 0 ? message.getFullProfiles2List() : message.getFullProfilesList();
        List<VideoProfile> profiles = new ArrayList<>();
        for (io.millrace.livepeer.wire.VideoProfile profile : messages) {
            profiles.add(fromWire(profile));
        }
        return profiles;
    }

    private static boolean isDemanding(VideoProfile profile) {
        return profile.fpsDen() != 0
                || profile.encoderProfile() != EncoderProfile.NONE
                || profile.gop() != VideoProfile.GOP_DEFAULT;
    }

    private static io.millrace.livepeer.wire.VideoProfile toWire(VideoProfile profile) {
        return io.millrace.livepeer.wire.VideoProfile.newBuilder()
                .setName(profile.name())
                .setWidth(profile.width())
                .setHeight(profile.height())
                .setBitrate(profile.bitrate())
                .setFps(profile.fps())
                .setFpsDen(profile.fpsDen())
                .setFormatValue(profile.format() == Container.MP4 ? 1 : 0)
                .setProfileValue(profile.encoderProfile().ordinal())
                .setGop(profile.gop())
                .setEncoderValue(profile.codec().ordinal())
                .setColorDepth(profile.colorDepth())
                .setChromaFormatValue(profile.chroma().ordinal())
                .setQuality(profile.quality())
                .build();
    }

    /** Colour depth and chroma of a message are not read: no node of the network heeds them. */
    private static VideoProfile fromWire(io.millrace.livepeer.wire.VideoProfile message) throws Malformed {
        Container format =
                switch (message.getFormat()) {
                    case MPEGTS -> Container.MPEGTS;
                    case MP4 -> Container.MP4;
                    case UNRECOGNIZED -> throw new Malformed("unrecognized profile output format");
                };
        EncoderProfile encoderProfile =
                switch (message.getProfile()) {
                    case ENCODER_DEFAULT -> EncoderProfile.NONE;
                    case H264_BASELINE -> EncoderProfile.H264_BASELINE;
                    case H264_MAIN -> EncoderProfile.H264_MAIN;
                    case H264_HIGH -> EncoderProfile.H264_HIGH;
                    case H264_CONSTRAINED_HIGH -> EncoderProfile.H264_CONSTRAINED_HIGH;
                    case UNRECOGNIZED -> throw new Malformed("unrecognized encoder profile");
                };
        VideoCodec codec =
                switch (message.getEncoder()) {
                    case H264 -> VideoCodec.H264;
                    case H265 -> VideoCodec.H265;
                    case VP8 -> VideoCodec.VP8;
                    case VP9 -> VideoCodec.VP9;
                    case UNRECOGNIZED -> throw new Malformed("unrecognized video codec");
                };
        return new VideoProfile(
                name(message),
                message.getWidth(),
                message.getHeight(),
                message.getBitrate(),
                count(message.getFps()),
                count(message.getFpsDen()),
                format,
                encoderProfile,
                message.getGop(),
                codec,
                0,
                Chroma.YUV420,
                count(message.getQuality()));
    }

    private static String name(io.millrace.livepeer.wire.VideoProfile message) {
        return message.getName().isEmpty()
                ? "net_" + message.getWidth() + "x" + message.getHeight() + "_" + message.getBitrate()
                : message.getName();
    }

    private static int count(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }
}
