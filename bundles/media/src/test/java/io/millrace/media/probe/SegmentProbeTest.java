package io.millrace.media.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.value.Bytes;
import io.millrace.media.Samples;
import io.millrace.media.codec.UnreadableMedia;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentProbeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # file                     | container | video | audio | w   | h  | pixels      | fps    | codecs                | frames
            avc-aac.ts                 | MPEGTS    | h264  | aac   | 160 | 90 | yuv420p     | 30     | avc1.64000B,mp4a.40.2 | 60
            avc-aac-wrapping.ts        | MPEGTS    | h264  | aac   | 160 | 90 | yuv420p     | 30     | avc1.64000B,mp4a.40.2 | 60
            avc-422-10.ts              | MPEGTS    | h264  | ''    | 160 | 90 | yuv422p10le | 30     | avc1.7A000B           | 60
            avc-444.ts                 | MPEGTS    | h264  | ''    | 160 | 90 | yuv444p     | 29.97  | avc1.F4000B           | 30
            avc-interlaced.ts          | MPEGTS    | h264  | ''    | 160 | 96 | yuv420p     | 25     | avc1.640015           | 50
            hevc-mp3.ts                | MPEGTS    | hevc  | mp3   | 160 | 90 | yuv420p     | 25     | hvc1.1.6.L30.90,mp4a.40.34 | 25
            sound-only.ts              | MPEGTS    | ''    | aac   | 0   | 0  | ''          | 0      | mp4a.40.2             | 0
            avc-aac.mp4                | MP4       | h264  | aac   | 160 | 90 | yuv420p     | 30     | avc1.64000B,mp4a.40.2 | 60
            avc-aac-fragmented.mp4     | MP4       | h264  | aac   | 160 | 90 | yuv420p     | 30     | avc1.64000B,mp4a.40.2 | 60
            rotated.mp4                | MP4       | h264  | ''    | 90  | 160 | yuv420p     | 10     | avc1.640009           | 10
            vp9-opus.mp4               | MP4       | vp9   | opus  | 160 | 90 | yuv420p     | 25     | vp09.00.10.08,opus    | 25
            """)
    void aSegmentIsDescribedAsADecoderSeesIt(
            String file,
            Container container,
            String video,
            String audio,
            int width,
            int height,
            String pixels,
            double fps,
            String codecs,
            int frames)
            throws UnreadableMedia {
        MediaInfo info = SegmentProbe.probe(Samples.read(file), container);
        assertEquals(
                new MediaInfo(container, video, audio, width, height, pixels, fps, codecs, frames), info);
    }

    @Test
    void theBytesDecideNotTheName() throws UnreadableMedia {
        assertEquals(
                Container.MP4, SegmentProbe.probe(Samples.read("avc-aac.mp4"), Container.MPEGTS).container());
    }

    @Test
    void videoAnnouncedWithoutAPictureIsAZeroFrameSegment() throws UnreadableMedia {
        byte[] ts = Samples.bytes("avc-aac.ts");
        for (int at = 0; at < ts.length; at += 188) {
            int pid = (ts[at + 1] & 0x1f) << 8 | ts[at + 2] & 0xff;
            if (pid == 0x100) {
                ts[at + 1] = 0x1f; // the null packets of 2.4.3.3
                ts[at + 2] = (byte) 0xff;
            }
        }
        MediaInfo info = SegmentProbe.probe(Bytes.wrap(ts), Container.MPEGTS);
        assertEquals(
                new MediaInfo(Container.MPEGTS, "h264", "aac", 0, 0, "", 0, "mp4a.40.2", 0), info);
    }

    @Test
    void aSegmentCutAnywhereIsReadOrRefused() {
        for (String file : new String[] {"avc-aac.ts", "avc-aac-fragmented.mp4", "vp9-opus.mp4", "hevc-mp3.ts"}) {
            byte[] whole = Samples.bytes(file);
            for (int length = 0; length < whole.length; length += 97) {
                readOrRefuse(Arrays.copyOf(whole, length));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"avc-aac.ts", "avc-aac.mp4", "avc-aac-fragmented.mp4", "vp9-opus.mp4", "hevc-mp3.ts"})
    void aDamagedSegmentIsReadOrRefused(String file) {
        Random random = new Random(4711);
        byte[] whole = Samples.bytes(file);
        for (int round = 0; round < 400; round++) {
            byte[] damaged = whole.clone();
            for (int hits = 1 + random.nextInt(30); hits > 0; hits--) {
                int at = random.nextBoolean() ? random.nextInt(Math.min(3000, damaged.length)) : random.nextInt(damaged.length);
                damaged[at] = (byte) random.nextInt();
            }
            readOrRefuse(damaged);
        }
    }

    @Test
    void junkIsRefusedWithAReason() {
        byte[] junk = new byte[100_000];
        new Random(1).nextBytes(junk);
        UnreadableMedia refusal =
                assertThrows(UnreadableMedia.class, () -> SegmentProbe.probe(Bytes.wrap(junk), Container.MPEGTS));
        assertEquals("it is no MPEG transport stream", refusal.getMessage());
        assertEquals(
                "it is empty",
                assertThrows(UnreadableMedia.class, () -> SegmentProbe.probe(Bytes.EMPTY, Container.MP4)).getMessage());
        assertThrows(UnreadableMedia.class, () -> SegmentProbe.probe(Bytes.wrap(new byte[1 << 20]), Container.MP4));
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            assertTrue(SegmentProbe.probe(Bytes.wrap(bytes), Container.UNSET).videoFrames() >= 0);
        } catch (UnreadableMedia refused) {
            assertTrue(!refused.getMessage().isBlank());
        }
    }
}
