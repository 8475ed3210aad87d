package io.millrace.ffmpeg;

import static io.millrace.ffmpeg.Codec.made;
import static io.millrace.ffmpeg.Codec.one;
import static io.millrace.ffmpeg.Codec.profile;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.job.VideoProfile.EncoderProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The core of the pipeline. The build runs it above both bindings, with x264 and with OpenH264. */
class TranscodingTest {

    @Test
    void aLadderKeepsPicturesTimesAndSound() {
        Clip clip = new Clip().frames(60).bFrames(2);
        List<Decoded> renditions = made(clip.make(), profile(160, 90, 0), profile(256, 144, 0), profile(160, 90, 30));
        Decoded source = Decoded.of(clip.make());
        for (Decoded rendition : renditions) {
            assertEquals(clip.ticks(), rendition.times());
            assertEquals(source.audio(), rendition.audio());
            assertEquals(2, rendition.streams());
            assertEquals("mpegts", rendition.container());
        }
        assertEquals(256, renditions.get(1).frames().getFirst().width());
        assertEquals(90, renditions.get(2).frames().getFirst().height());
    }

    @Test
    void aRenditionLargerThanTheSourceIsMadeToo() {
        List<Decoded> renditions = made(
                new Clip().frames(5).make(), profile(640, 360, 0), profile(480, 270, 0), profile(160, 90, 0));
        assertEquals(640, renditions.get(0).frames().getFirst().width());
        assertEquals(480, renditions.get(1).frames().getFirst().width());
        assertEquals(160, renditions.get(2).frames().getFirst().width());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 6, 10})
    void shortSegmentsLoseNothing(int frames) {
        byte[] segment = new Clip().frames(frames).make();
        List<Decoded> renditions =
                made(segment, profile(160, 90, 0), profile(160, 90, 30), profile(160, 90, 60), profile(160, 90, 1));
        assertEquals(frames, renditions.get(0).frames().size());
        assertEquals(frames, renditions.get(1).frames().size());
        assertEquals(2 * frames, renditions.get(2).frames().size());
        assertEquals(1, renditions.get(3).frames().size());
    }

    @ParameterizedTest
    @CsvSource({
        "60, 120, 30, 1, 60",
        "60, 60, 123, 1, 123",
        "30, 60, 30000, 1001, 60",
        "30, 60, 24000, 1001, 48",
        "30, 60, 60000, 1001, 120",
        "3, 10, 1, 1, 3",
        "24, 48, 24, 1, 48"
    })
    void picturesAreRepeatedAndDroppedToTheRate(int sourceFps, int sourceFrames, int fps, int fpsDen, int expected) {
        byte[] segment = new Clip().fps(sourceFps).frames(sourceFrames).make();
        VideoProfile profile =
                Codec.with(profile(160, 90, fps), fpsDen, Container.UNSET, EncoderProfile.NONE, VideoProfile.GOP_DEFAULT);
        List<Long> times = one(segment, profile).times();
        assertEquals(expected, times.size(), 1.0);
        for (int i = 0; i < times.size(); i++) {
            double since = (double) i * Clip.CLOCK * fpsDen / fps;
            assertEquals(times.getFirst() + since, times.get(i), 1.0, "time of picture " + i);
        }
    }

    @Test
    void everyPictureIsAKeyframeWhenAskedFor() {
        Decoded rendition = one(new Clip().frames(20).make(), Codec.gop(profile(160, 90, 0), VideoProfile.GOP_INTRA));
        assertEquals(20, rendition.keyframes().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30})
    void keyframesComeAfterTheTimeAskedFor(int fps) {
        Clip clip = new Clip().frames(60).gop(250);
        Decoded rendition = one(clip.make(), Codec.gop(profile(160, 90, fps), 500));
        List<Long> wanted = List.of(0, 15, 30, 45).stream().map(clip.ticks()::get).toList();
        assertTrue(rendition.keyframes().containsAll(wanted), rendition.keyframes()::toString);
        assertTrue(rendition.keyframes().size() <= 5, rendition.keyframes()::toString);
    }

    @ParameterizedTest
    @CsvSource({"H264_BASELINE, 66, 0", "H264_MAIN, 77, 2", "H264_HIGH, 100, 2", "H264_CONSTRAINED_HIGH, 100, 0"})
    void theProfileAskedForIsUsed(EncoderProfile asked, int number, int delay) {
        VideoProfile profile =
                Codec.with(profile(160, 90, 0), 0, Container.MP4, asked, VideoProfile.GOP_DEFAULT);
        Decoded rendition = one(new Clip().frames(30).make(), profile);
        assertEquals(number, rendition.profile() & 0xff);
        boolean reorders = Clip.has("libx264") && delay > 0;
        assertEquals(reorders ? delay : 0, rendition.delay());
        assertEquals(
                reorders, rendition.frames().stream().anyMatch(frame -> frame.type() == 'B'), "pictures of type B");
    }

    @Test
    void constantQualityDependsOnTheNumber() {
        byte[] segment = new Clip().frames(30).make();
        VideoProfile p = profile(160, 90, 0);
        VideoProfile fine = quality(p, 15);
        VideoProfile coarse = quality(p, 45);
        List<Artifact> made = Codec.artifacts(segment, fine, coarse);
        assertTrue(made.get(0).data().size() > 1.5 * made.get(1).data().size(), made::toString);
    }

    private static VideoProfile quality(VideoProfile p, int quality) {
        return new VideoProfile(
                p.name(), p.width(), p.height(), 20_000_000, p.fps(), p.fpsDen(), p.format(), p.encoderProfile(),
                p.gop(), p.codec(), p.colorDepth(), p.chroma(), quality);
    }

    /** OpenH264 gives up pictures to keep a rate; since none may be lost here, it is above on hard content. */
    @Test
    void theBitrateIsKept() {
        byte[] segment = new Clip().size(640, 360).frames(120).make();
        double least = bitsPerSecond(segment, 250_000);
        assertTrue(least < (Clip.has("libx264") ? 1.5 : 5) * 250_000, least + " bits a second");
        assertTrue(least < bitsPerSecond(segment, 2_000_000) / 2);
    }

    private static double bitsPerSecond(byte[] segment, int bitrate) {
        Decoded rendition = one(segment, VideoProfile.h264("rate", 640, 360, bitrate, 0));
        return rendition.packets().stream().mapToLong(Decoded.Packet::bytes).sum() * 8 / 4.0;
    }

    @Test
    void mp4BecomesMp4AndEachBecomesTheOther() {
        Clip clip = new Clip().start(0).frames(30);
        VideoProfile mp4 = profile(160, 90, 0).withFormat(Container.MP4);
        VideoProfile ts = profile(160, 90, 0).withFormat(Container.MPEGTS);
        VideoProfile same = profile(160, 90, 0);
        Decoded first = one(clip.in("mpegts").make(), mp4);
        assertEquals("mov,mp4,m4a,3gp,3g2,mj2", first.container());
        assertEquals(clip.ticks(), first.times());
        List<Decoded> second = made(clip.in("mp4").make(), ts, same);
        assertEquals("mpegts", second.get(0).container());
        assertEquals("mov,mp4,m4a,3gp,3g2,mj2", second.get(1).container());
        for (Decoded rendition : second) {
            assertEquals(clip.ticks(), rendition.times());
            assertTrue(rendition.audio().size() > 40, rendition.audio()::toString);
        }
    }

    @Test
    void theIndexOfAnMp4ComesFirst() {
        VideoProfile mp4 = profile(160, 90, 0).withFormat(Container.MP4);
        Artifact artifact =
                Codec.artifacts(new Clip().make(), mp4).getFirst();
        String text = new String(artifact.data().unsafeArray(), StandardCharsets.ISO_8859_1);
        assertEquals(".mp4", artifact.extension());
        assertTrue(text.indexOf("moov") > 0 && text.indexOf("moov") < text.indexOf("mdat"));
    }

    @Test
    void consecutiveSegmentsJoin() {
        VideoProfile[] profiles = {profile(160, 90, 0), profile(160, 90, 25), profile(160, 90, 30)};
        int[] ticks = {3000, 3600, 3000};
        // From zero, where reordering would begin before it.
        List<Decoded> first = made(new Clip().start(0).frames(60).make(), profiles);
        List<Decoded> second = made(new Clip().start(2L * Clip.CLOCK).frames(60).make(), profiles);
        for (int i = 0; i < profiles.length; i++) {
            List<Long> times = first.get(i).times();
            assertEquals(0, times.getFirst());
            assertEquals(times.getLast() + ticks[i], second.get(i).times().getFirst(), profiles[i].name());
            assertTrue(first.get(i).packets().getLast().dts() < second.get(i).packets().getFirst().dts());
        }
    }
}
