package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.media.Samples;
import io.millrace.media.codec.NalUnits;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.flv.VideoConfig;
import io.millrace.media.probe.SegmentProbe;
import io.millrace.media.ts.TsDemuxer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** H.265 as Enhanced RTMP v1 carries it. */
class EnhancedVideoTest {

    private static final int KEYFRAME = 0x90;
    private static final int OTHER = 0xa0;
    private static final int CONFIGURATION = 0;
    private static final int PICTURE = 1;
    private static final int PICTURE_UNSHIFTED = 3;

    private final List<byte[]> parameterSets = new ArrayList<>();
    private final List<byte[]> pictures = new ArrayList<>();
    private final List<Boolean> keys = new ArrayList<>();

    EnhancedVideoTest() throws UnreadableMedia {
        TsDemuxer.run(
                Samples.bytes("hevc-mp3.ts"),
                (track, pts, payload, from, to) -> {
                    if (track.video()) {
                        picture(payload, from, to);
                    }
                });
    }

    @Test
    void h265IsPublished() throws Exception {
        try (TestServer server = TestServer.open()) {
            try (TestPublisher publisher = TestPublisher.publish(server, "live", "hevc")) {
                send(publisher, 0, KEYFRAME | CONFIGURATION, configuration());
                for (int i = 0; i < pictures.size(); i++) {
                    byte[] shifted = new byte[pictures.get(i).length + 3];
                    System.arraycopy(pictures.get(i), 0, shifted, 3, pictures.get(i).length);
                    boolean plain = i % 2 == 1; // both forms
                    int kind = (keys.get(i) ? KEYFRAME : OTHER) | (plain ? PICTURE_UNSHIFTED : PICTURE);
                    send(publisher, i * 40, kind, plain ? pictures.get(i) : shifted);
                }
            }
            RecordingGate.Submitted submitted = server.gate.take();
            MediaInfo expected =
                    new MediaInfo(
                            Container.MPEGTS, "hevc", "", 160, 90, "yuv420p", 25, "hvc1.1.6.L30.90", pictures.size());
            assertEquals(expected, submitted.info());
            assertEquals(expected, SegmentProbe.probe(submitted.segment().data(), Container.MPEGTS));
        }
    }

    @Test
    void h265UnderTheNameOfH264IsSeenForWhatItIs() throws Exception {
        // OBS did so before there was Enhanced RTMP (bluenviron/mediamtx issue 1621).
        try (TestServer server = TestServer.open()) {
            try (TestPublisher publisher = TestPublisher.publish(server, "live", "hevc")) {
                for (int i = -1; i < pictures.size(); i++) {
                    boolean key = i < 0 || keys.get(i);
                    byte[] content = i < 0 ? configuration() : pictures.get(i);
                    ByteArrayOutputStream message = new ByteArrayOutputStream();
                    message.writeBytes(new byte[] {(byte) (key ? 0x17 : 0x27), (byte) (i < 0 ? 0 : 1), 0, 0, 0});
                    message.writeBytes(content);
                    publisher.write(6, Math.max(0, i) * 40, Message.VIDEO, 1, message.toByteArray());
                }
            }
            MediaInfo info = server.gate.take().info();
            assertEquals("hevc", info.videoCodec());
            assertEquals(pictures.size(), info.videoFrames());
        }
    }

    @Test
    void aCodecThatNobodyTakesEndsTheConnection() throws Exception {
        try (TestServer server = TestServer.open();
                TestPublisher publisher = TestPublisher.publish(server, "live", "av1")) {
            publisher.write(6, 0, Message.VIDEO, 1, new byte[] {(byte) 0x90, 'a', 'v', '0', '1', 0, 0});
            publisher.awaitClose();
            assertEquals("av1", server.gate.takeClosed());
        }
    }

    @Test
    void aConfigurationCutAnywhereIsRefused() {
        byte[] whole = configuration();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(UnreadableMedia.class, () -> VideoConfig.hevc(part, 0, part.length), "length " + length);
        }
    }

    private void picture(byte[] payload, int from, int to) throws UnreadableMedia {
        ByteArrayOutputStream picture = new ByteArrayOutputStream();
        boolean[] key = new boolean[1];
        NalUnits.visit(
                payload,
                from,
                to,
                (bytes, begin, end) -> {
                    int type = bytes[begin] >> 1 & 0x3f;
                    byte[] unit = Arrays.copyOfRange(bytes, begin, end);
                    if (type >= 32 && type <= 34) {
                        parameterSets.add(unit);
                        return;
                    }
                    key[0] |= type >= 16 && type <= 23;
                    picture.writeBytes(ChunkWriter.int32(unit.length));
                    picture.writeBytes(unit);
                });
        pictures.add(picture.toByteArray());
        keys.add(key[0]);
    }

    private byte[] configuration() {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(new byte[21]);
        record.write(3); // lengths of four bytes
        record.write(3);
        for (byte[] set : parameterSets.subList(0, 3)) {
            record.write(set[0] >> 1 & 0x3f);
            record.write(0);
            record.write(1);
            record.write(set.length >> 8);
            record.write(set.length);
            record.writeBytes(set);
        }
        return record.toByteArray();
    }

    private static void send(TestPublisher publisher, int timestamp, int head, byte[] content) throws Exception {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(head);
        message.writeBytes("hvc1".getBytes(StandardCharsets.US_ASCII));
        message.writeBytes(content);
        publisher.write(6, timestamp, Message.VIDEO, 1, message.toByteArray());
    }
}
