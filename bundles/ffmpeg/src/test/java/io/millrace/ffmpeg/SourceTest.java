package io.millrace.ffmpeg;

import static io.millrace.ffmpeg.Codec.failure;
import static io.millrace.ffmpeg.Codec.made;
import static io.millrace.ffmpeg.Codec.one;
import static io.millrace.ffmpeg.Codec.profile;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources of every kind that a gateway may send. */
class SourceTest {

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flv", "matroska", "mp4", "mpegts"})
    void eachContainerIsRead(String container) {
        Clip clip = new Clip().start(0).frames(30).in(container);
        Decoded rendition = one(clip.make(), profile(160, 90, 30).withFormat(Container.MPEGTS));
        assertEquals(30, rendition.frames().size());
        assertFalse(rendition.audio().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"yuv420p10le", "yuv422p", "yuv422p10le", "yuv444p", "yuv444p10le", "yuvj420p"})
    void eachPixelFormatThatIsAdvertisedIsDecoded(String format) {
        assumeTrue(Clip.has("libx264"));
        byte[] segment = new Clip().frames(10).format(avutil.av_get_pix_fmt(format)).make();
        for (Decoded rendition : made(segment, profile(160, 90, 0), profile(320, 180, 0))) {
            assertEquals(10, rendition.frames().size());
        }
    }

    @ParameterizedTest
    @CsvSource({"180, 320, 180, 320", "321, 181, 320, 180", "176, 320, 176, 320", "1000, 60, 834, 50"})
    void portraitOddAndFlatPicturesKeepTheirShape(int width, int height, int madeWidth, int madeHeight) {
        assumeTrue(Clip.has("libx264"));
        // Odd sides need 4:4:4.
        byte[] segment = new Clip()
                .size(width, height)
                .format(avutil.AV_PIX_FMT_YUV444P)
                .frames(5)
                .make();
        Decoded.Frame frame = one(segment, profile(320, 180, 0)).frames().getFirst();
        assertEquals(madeWidth, frame.width());
        assertEquals(madeHeight, frame.height());
    }

    @Test
    void aPictureThatWouldBecomeTooTallIsRefused() {
        byte[] segment = new Clip().size(16, 4000).frames(2).make();
        // go-livepeer answers so for the vertical-sample of its tests.
        assertEquals("Generic error in an external library", failure(segment, profile(256, 144, 0)));
    }

    @Test
    void interlacedPicturesBecomeWholeOnes() {
        assumeTrue(Clip.has("libx264"));
        byte[] segment = new Clip().frames(20).option("x264-params", "tff=1").make();
        assertTrue(Decoded.of(segment).frames().stream().anyMatch(Decoded.Frame::interlaced));
        for (VideoProfile.EncoderProfile asked : List.of(
                VideoProfile.EncoderProfile.H264_BASELINE, VideoProfile.EncoderProfile.H264_CONSTRAINED_HIGH)) {
            Decoded rendition = one(segment, Codec.with(profile(160, 90, 0), 0, Container.UNSET, asked, 0));
            assertTrue(rendition.frames().stream().noneMatch(Decoded.Frame::interlaced));
            assertEquals(20, rendition.frames().size());
        }
    }

    @Test
    void hevcIsNotAdvertisedAndRefused() {
        assumeTrue(Clip.has("libx265"));
        byte[] segment = new Clip().codec("libx265").frames(10).make();
        assertEquals("TranscoderInvalidVideo", failure(segment, profile(160, 90, 0)));
    }

    @Test
    void aTransportStreamWhoseTablesAreLostIsReadToo() {
        byte[] segment = new Clip().frames(30).silent().make();
        for (int at = 0; at < segment.length; at += 188) {
            int pid = (segment[at + 1] & 0x1f) << 8 | segment[at + 2] & 0xff;
            if (pid != 0x100) {
                // Null packets (ISO/IEC 13818-1, 2.4.3.3).
                segment[at + 1] = 0x1f;
                segment[at + 2] = (byte) 0xff;
            }
        }
        assertEquals(30, one(segment, profile(160, 90, 0)).frames().size());
    }

    @Test
    void vp8IsAdvertisedAndDecoded() {
        byte[] segment = new Clip().codec("libvpx").start(0).in("matroska").frames(10).silent().make();
        assertEquals(10, one(segment, profile(160, 90, 0)).frames().size());
    }

    @Test
    void aSegmentWithoutSoundMakesRenditionsWithoutSound() {
        Decoded rendition = one(new Clip().silent().make(), profile(160, 90, 0));
        assertEquals(1, rendition.streams());
        assertEquals(30, rendition.frames().size());
    }

    @Test
    void soundThatBeginsLaterIsKeptAtItsTime() {
        Clip clip = new Clip().frames(60).soundFrom(1);
        Decoded rendition = one(clip.make(), profile(160, 90, 0));
        assertEquals(Decoded.of(clip.make()).audio(), rendition.audio());
        assertTrue(rendition.audio().getFirst().pts() > rendition.times().getFirst() + Clip.CLOCK / 2);
    }

    @Test
    void picturesWhoseContainerAnnouncesThemAndHasNoneAreNoVideo() {
        assertEquals("TranscoderInvalidVideo", failure(new Clip().pictureless().make(), profile(160, 90, 0)));
    }

    @Test
    void soundAloneIsNoVideo() {
        assertEquals("TranscoderInvalidVideo", failure(new Clip().soundAlone().make(), profile(160, 90, 0)));
    }

    @Test
    void dataStreamsAreLeftOut() {
        Decoded rendition = one(new Clip().withData().make(), profile(160, 90, 0));
        assertEquals(2, rendition.streams());
        assertEquals(30, rendition.frames().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"MPEGTS", "MP4"})
    void aSizeThatChangesInTheMiddleIsFollowed(Container container) {
        byte[] segment = joined(
                new Clip().size(320, 180).frames(15).silent().make(),
                new Clip().size(180, 320).frames(15).silent().start(10 * Clip.CLOCK + 15 * 3000).make(),
                new Clip().size(320, 180).frames(15).silent().start(10 * Clip.CLOCK + 30 * 3000).make());
        for (int fps : new int[] {0, 30}) {
            Decoded rendition = one(segment, profile(284, 160, fps).withFormat(container));
            assertEquals(45, rendition.frames().size());
            assertEquals(15, rendition.frames().stream().filter(f -> f.height() == 284).count());
        }
    }

    @Test
    void irregularTimesPassThroughUnchanged() {
        Clip clip = new Clip().frames(30).bFrames(2).times(i -> i * 3000L + (i % 3 == 1 ? 1400 : 0) + (i > 15 ? 40_000 : 0));
        assertEquals(clip.ticks(), one(clip.make(), profile(160, 90, 0)).times());
    }

    @Test
    void picturesCloserThanTheFrameRateSaysPassThroughUnchanged() {
        Clip clip = new Clip().frames(30).bFrames(2).times(i -> i * 3000L - (i % 2 == 1 ? 2900 : 0));
        assertEquals(clip.ticks(), one(clip.make(), profile(160, 90, 0)).times());
    }

    /** The clock of MPEG-TS has 33 bits. */
    @ParameterizedTest
    @ValueSource(longs = {(1L << 33) - 45_000, (1L << 33) - 180_000})
    void timesGoAroundAsInTheSource(long start) {
        byte[] segment = new Clip().start(start).frames(30).make();
        assertEquals(Decoded.of(segment).times(), one(segment, profile(160, 90, 0)).times());
        assertEquals(start, firstTime(Codec.artifacts(segment, profile(160, 90, 0)).getFirst().data().unsafeArray()));
    }

    /** As it stands in the first packet of video. */
    private static long firstTime(byte[] ts) {
        for (int at = 0; at < ts.length; at += 188) {
            int payload = at + 4 + ((ts[at + 3] & 0x20) != 0 ? 1 + (ts[at + 4] & 0xff) : 0);
            if ((ts[at + 1] & 0x40) != 0 && ts[payload] == 0 && ts[payload + 2] == 1 && (ts[payload + 3] & 0xf0) == 0xe0) {
                return (ts[payload + 9] & 0x0eL) << 29
                        | (ts[payload + 10] & 0xffL) << 22
                        | (ts[payload + 11] & 0xfeL) << 14
                        | (ts[payload + 12] & 0xffL) << 7
                        | (ts[payload + 13] & 0xfeL) >> 1;
            }
        }
        throw new AssertionError("no picture");
    }

    @Test
    void timesThatGoBackRiseInTheRendition() {
        byte[] segment = joined(
                new Clip().frames(30).make(), new Clip().frames(30).start(10 * Clip.CLOCK + 20 * 3000).make());
        Decoded rendition = one(segment, profile(160, 90, 0));
        assertEquals(60, rendition.frames().size());
        long last = Long.MIN_VALUE;
        for (Decoded.Packet packet : rendition.audio()) {
            assertTrue(packet.dts() > last);
            last = packet.dts();
        }
    }

    @Test
    void reorderedInputIsShownInOrder() {
        Clip clip = new Clip().frames(30).bFrames(3);
        assertEquals(clip.ticks(), one(clip.make(), profile(160, 90, 0)).times());
    }
}
