package io.millrace.livepeer.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.millrace.api.job.Clip;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.job.VideoProfile.EncoderProfile;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.livepeer.support.TestAccount;
import io.millrace.livepeer.wire.SegData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SegmentMappingTest {

    private static final TestAccount ACCOUNT =
            new TestAccount("fad9c8855b740a0b7ed4c221dbad0f33a83a49cad6b3fe8d5817ac83d38b6a19");
    private static final String HEADER =
            "CgVtb3ZpZRAHGiBf50UsaY/eb+BJZ4DCB2iD1dJxLxbDg4xUsN2JyZAs1SIHaW52YWxpZCpBKHcyqNhCygvHqMLhvwTjImm82WpFzI"
                    + "Bk/qx63aF/kZoBBcRT3IMPgRrXIynTKIuzcI1OHRhiXrsouRcfgk9BQhww0A86BgoCgyAqAEIyCiDT9AC+Z/enE6N7DneJSGdmkoLD"
                    + "Fyg8PyWOpSjlIBGATRIIZjE0MDVjZWQYgOLPqgaKAiGCAQ5QMjQwcDMwZnBzMTZ4OYgBqgOQAfABmAHAzySgAR4=";
    private static final VideoProfile P240 =
            VideoProfile.h264("P240p30fps16x9", 426, 240, 600_000, 30).withFormat(Container.MPEGTS);
    private static final Payload.Transcode PAYLOAD = new Payload.Transcode(
            new ManifestId("movie"), 7, Duration.ofSeconds(2), List.of(P240), Optional.empty(), false);
    private static final JobSpec SPEC = JobSpec.needing(Capabilities.of(0, 1, 12));
    private static final AuthToken TOKEN = new AuthToken(
            Bytes.hex("d3f400be67f7a713a37b0e77894867669282c317283c3f258ea528e52011804d"),
            new SessionId("f1405ced"),
            Instant.ofEpochSecond(1_700_000_000));
    private static final Bytes HASH = Keccak256.of(Bytes.utf8("segment-bytes"));

    @Test
    void aKnownHeaderIsReadCompletely() throws Exception {
        SegmentRequest segment = SegmentMapping.fromWire(WireHeader.parse(SegData.parser(), WireHeader.decode(HEADER)));
        assertEquals(PAYLOAD, segment.payload());
        assertEquals(SPEC, segment.spec());
        assertEquals(Optional.of(TOKEN), segment.token());
        assertEquals(HASH, segment.hash());
        assertEquals("6178bb0f57522cab0327de347338caafea18e60c952a9726bd649a8b86ef3f2a", segment.digest().hex());
        assertTrue(ACCOUNT.verify(ACCOUNT.address(), segment.digest(), segment.signature()));
    }

    @Test
    void aKnownHeaderIsWrittenByteForByte() {
        assertEquals(
                HEADER,
                WireHeader.encode(SegmentMapping.toWire(PAYLOAD, SPEC, Optional.of(TOKEN), HASH, ACCOUNT::sign)));
    }

    @Test
    void plainProfilesGoIntoTheFirstField() {
        SegData message = write(P240, P240.withFormat(Container.UNSET));
        assertEquals(2, message.getFullProfilesCount());
        assertEquals(0, message.getFullProfiles2Count() + message.getFullProfiles3Count());
    }

    @Test
    void oneMp4AmongThemMovesAllProfilesToTheSecondField() {
        SegData message = write(P240, P240.withFormat(Container.MP4));
        assertEquals(2, message.getFullProfiles2Count());
        assertEquals(0, message.getFullProfilesCount() + message.getFullProfiles3Count());
    }

    @Test
    void aFractionAGopOrAnEncoderProfileMovesThemToTheThirdField() {
        assertEquals(1, write(profile(30, 1, EncoderProfile.NONE, 0)).getFullProfiles3Count());
        assertEquals(1, write(profile(30, 0, EncoderProfile.H264_MAIN, 0)).getFullProfiles3Count());
        assertEquals(1, write(profile(30, 0, EncoderProfile.NONE, 2000)).getFullProfiles3Count());
        VideoProfile intra = profile(30, 0, EncoderProfile.NONE, VideoProfile.GOP_INTRA);
        assertEquals(2, write(P240.withFormat(Container.MP4), intra).getFullProfiles3Count());
    }

    @Test
    void theMostDemandingFieldThatHoldsProfilesCounts() throws Exception {
        SegData third = write(profile(30, 1, EncoderProfile.NONE, 0));
        SegData second = write(P240.withFormat(Container.MP4));
        SegData all = write(P240).toBuilder()
                .addAllFullProfiles2(second.getFullProfiles2List())
                .addAllFullProfiles3(third.getFullProfiles3List())
                .build();
        assertEquals(1, SegmentMapping.fromWire(all).payload().profiles().getFirst().fpsDen());
        assertEquals(
                Container.MP4,
                SegmentMapping.fromWire(all.toBuilder().clearFullProfiles3().build())
                        .payload()
                        .profiles()
                        .getFirst()
                        .format());
    }

    @Test
    void allThatAProfileSaysSurvivesTheWire() throws Exception {
        VideoProfile profile = new VideoProfile(
                "high", 1280, 720, 3_000_000, 30_000, 1001, Container.MP4, EncoderProfile.H264_HIGH, 2000,
                VideoProfile.VideoCodec.VP9, 0, VideoProfile.Chroma.YUV420, 23);
        assertEquals(List.of(profile), SegmentMapping.fromWire(write(profile)).payload().profiles());
    }

    @Test
    void aNamelessProfileIsNamedByItsNumbers() throws Exception {
        SegData message = write(P240);
        SegData nameless = message.toBuilder()
                .setFullProfiles(0, message.getFullProfiles(0).toBuilder().clearName())
                .build();
        assertEquals("net_426x240_600000", SegmentMapping.fromWire(nameless).payload().profiles().getFirst().name());
    }

    @Test
    void enumsThatDoNotExistAreRefusedByKind() {
        assertEquals("unrecognized profile output format", refusal(profile -> profile.setFormatValue(7)));
        assertEquals("unrecognized encoder profile", refusal(profile -> profile.setProfileValue(7)));
        assertEquals("unrecognized video codec", refusal(profile -> profile.setEncoderValue(7)));
    }

    @Test
    void aDurationOfFiveMinutesPassesAndNoLongerOne() throws Exception {
        SegData message = write(P240);
        assertEquals(
                Duration.ofMinutes(5),
                SegmentMapping.fromWire(message.toBuilder().setDuration(300_000).build()).payload().duration());
        for (int wrong : new int[] {300_001, -1}) {
            Malformed refused = assertThrows(
                    Malformed.class,
                    () -> SegmentMapping.fromWire(message.toBuilder().setDuration(wrong).build()));
            assertEquals("invalid duration", refused.getMessage());
        }
    }

    @Test
    void anUnsaidDurationIsTwoSeconds() throws Exception {
        assertEquals(
                Duration.ofSeconds(2),
                SegmentMapping.fromWire(SegData.getDefaultInstance()).payload().duration());
    }

    @Test
    void aClipSurvivesTheWireEvenWhenItIsEmpty() throws Exception {
        Clip clip = new Clip(Duration.ZERO, Duration.ZERO);
        Payload.Transcode clipped = new Payload.Transcode(
                PAYLOAD.manifest(), 1, Duration.ofSeconds(1), List.of(P240), Optional.of(clip), true);
        SegData message = SegmentMapping.toWire(clipped, SPEC, Optional.empty(), HASH, digest -> Bytes.EMPTY);
        assertTrue(message.hasSegmentParameters());
        assertEquals(clipped, SegmentMapping.fromWire(message).payload());
    }

    @Test
    void anEmptyMessageIsASegmentWithoutAToken() throws Exception {
        SegmentRequest segment = SegmentMapping.fromWire(SegData.getDefaultInstance());
        assertEquals(Optional.empty(), segment.token());
        assertEquals(JobSpec.needing(Capabilities.NONE), segment.spec());
    }

    @Test
    void aNameThatIsNoneIsReplacedButSignedAsItCame() throws Exception {
        byte[] name = {'.', '.', '/', 0, (byte) 0xff};
        SegmentRequest segment = SegmentMapping.fromWire(
                SegData.newBuilder().setManifestId(ByteString.copyFrom(name)).build());
        assertTrue(segment.payload().manifest().value().startsWith("unnamed-"));
        assertEquals(
                SegmentDigest.of(name, 0, Bytes.wrap(new byte[32]), List.of()), segment.digest());
    }

    private static VideoProfile profile(int fps, int fpsDen, EncoderProfile encoderProfile, int gop) {
        return new VideoProfile(
                "p", 640, 360, 800_000, fps, fpsDen, Container.MPEGTS, encoderProfile, gop,
                VideoProfile.VideoCodec.H264, 0, VideoProfile.Chroma.YUV420, 0);
    }

    private static SegData write(VideoProfile... profiles) {
        Payload.Transcode payload = new Payload.Transcode(
                PAYLOAD.manifest(), 0, Duration.ofSeconds(2), List.of(profiles), Optional.empty(), false);
        return SegmentMapping.toWire(payload, SPEC, Optional.empty(), HASH, digest -> Bytes.EMPTY);
    }

    private static String refusal(Consumer<io.millrace.livepeer.wire.VideoProfile.Builder> change) {
        SegData message = write(P240);
        var profile = message.getFullProfiles(0).toBuilder();
        change.accept(profile);
        return assertThrows(
                        Malformed.class,
                        () -> SegmentMapping.fromWire(
                                message.toBuilder().setFullProfiles(0, profile).build()))
                .getMessage();
    }
}
