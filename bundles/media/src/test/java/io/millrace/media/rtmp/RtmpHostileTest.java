package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.media.Samples;
import io.millrace.media.rtmp.FlvTags.Tag;
import io.millrace.testkit.InMemoryBudget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that mean no good, and those whose bytes were damaged. */
class RtmpHostileTest {

    private static final int MESSAGE_BYTES = 1 << 20;

    private final List<Tag> sample = FlvTags.media(Samples.bytes("avc-aac.flv"));
    private TestServer server;

    @BeforeEach
    void open() throws Exception {
        server = TestServer.open();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whatSpeaksNoRtmpIsClosed() throws Exception {
        for (String request : new String[] {"GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001", "\u0006"}) {
            try (TestPublisher client = new TestPublisher(server.server.port())) {
                client.raw(request.getBytes(StandardCharsets.ISO_8859_1));
                client.awaitClose();
            }
        }
        assertStillServes();
    }

    @Test
    void randomBytesAfterTheHandshakeAreClosedOrPassedOver() throws Exception {
        Random random = new Random(1935);
        for (int round = 0; round < 60; round++) {
            byte[] junk = new byte[random.nextInt(4000)];
            random.nextBytes(junk);
            try (TestPublisher client = new TestPublisher(server.server.port())) {
                client.handshake();
                sendAll(client, junk);
                client.socket.shutdownOutput();
                client.awaitClose();
            }
        }
        assertStillServes();
    }

    @Test
    void aDamagedPublisherHarmsNobodyElse() throws Exception {
        Random random = new Random(77);
        for (int round = 0; round < 40; round++) {
            try (TestPublisher client = TestPublisher.publish(server, "live", "damaged" + round)) {
                for (Tag tag : sample) {
                    byte[] payload = tag.payload().clone();
                    for (int hits = random.nextInt(4); hits > 0; hits--) {
                        payload[random.nextInt(Math.min(payload.length, 60))] = (byte) random.nextInt();
                    }
                    try {
                        client.send(new Tag(tag.type(), tag.timestamp(), payload), 0);
                    } catch (IOException closed) {
                        break; // an unknown codec ends the connection
                    }
                }
            }
            server.gate.takeClosed();
        }
        assertStillServes();
    }

    @Test
    void aMessageLongerThanAllowedIsNotCollected() throws Exception {
        try (TestPublisher client = new TestPublisher(server.server.port())) {
            client.handshake();
            client.raw(new byte[] {4, 0, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, 9, 1, 0, 0, 0});
            client.awaitClose();
        }
        assertStillServes();
    }

    @Test
    void unfinishedMessagesOfAConnectionAreBoundedTogether() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int part = MESSAGE_BYTES / 2 - 1;
        for (int stream = 3; stream < 6; stream++) {
            bytes.writeBytes(head(stream, part + 1));
            bytes.writeBytes(new byte[part]);
        }
        RtmpViolation violation = assertThrows(RtmpViolation.class, () -> readAll(bytes.toByteArray(), part));
        assertEquals(
                "more than 1048576 bytes of unfinished messages (setting messageBytes)", violation.getMessage());
    }

    @Test
    void chunkStreamsAreBounded() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int stream = 0; stream < 70; stream++) {
            bytes.writeBytes(new byte[] {0, (byte) stream, 0, 0, 0, 0, 0, 1, 9, 0, 0, 0, 0, 42});
        }
        assertThrows(RtmpViolation.class, () -> readAll(bytes.toByteArray(), 128));
    }

    @Test
    void aChunkSizeOfNothingIsRefused() throws Exception {
        for (int size : new int[] {0, -1, Integer.MIN_VALUE}) {
            try (TestPublisher client = new TestPublisher(server.server.port())) {
                client.handshake();
                client.write(2, 0, Message.SET_CHUNK_SIZE, 0, ChunkWriter.int32(size));
                client.awaitClose();
            }
        }
    }

    @Test
    void nestingWithoutEndIsRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(AmfWriter.message("connect", 1));
        for (int depth = 0; depth < 20_000; depth++) {
            bytes.writeBytes(new byte[] {3, 0, 1, 'a'});
        }
        try (TestPublisher client = new TestPublisher(server.server.port())) {
            client.handshake();
            client.chunkSize(1 << 20);
            client.write(3, 0, Message.COMMAND, 0, bytes.toByteArray());
            client.awaitClose();
        }
        assertThrows(RtmpViolation.class, () -> AmfReader.readAll(bytes.toByteArray(), 0));
    }

    @Test
    void valuesWithoutEndAreRefused() {
        byte[] many = new byte[100_000];
        Arrays.fill(many, (byte) 5);
        assertThrows(RtmpViolation.class, () -> AmfReader.readAll(many, 0));
        assertThrows(RtmpViolation.class, () -> AmfReader.readAll(new byte[] {10, 0x7f, -1, -1, -1}, 0));
        assertThrows(RtmpViolation.class, () -> AmfReader.readAll(new byte[] {12, -1, -1, -1, -1}, 0));
    }

    @Test
    void aStreamWithoutKeyframesIsClosed() throws Exception {
        try (TestPublisher client = TestPublisher.publish(server, "live", "endless")) {
            List<Tag> noKeys = sample.stream().filter(tag -> !tag.keyframe() && !tag.configuration()).toList();
            client.send(sample, 0);
            try {
                for (int round = 1; round < 15; round++) {
                    client.send(noKeys, 2000 * round);
                }
            } catch (IOException closed) {
                // before all was sent
            }
            client.awaitClose();
        }
        assertEquals("endless", server.gate.takeClosed());
        assertEquals(20, server.gate.take().segment().duration().toSeconds(), "what was collected is not lost");
    }

    private void assertStillServes() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "fine")) {
            publisher.send(sample, 0);
        }
        server.gate.submitted.removeIf(submitted -> !submitted.manifest().equals("fine"));
        assertEquals(60, server.gate.take().info().videoFrames());
    }

    private static void sendAll(TestPublisher client, byte[] bytes) {
        try {
            client.raw(bytes);
        } catch (IOException closed) {
            // the server had seen enough
        }
    }

    private static byte[] head(int chunkStream, int length) {
        return new byte[] {
            (byte) chunkStream, 0, 0, 0, (byte) (length >> 16), (byte) (length >> 8), (byte) length, 9, 1, 0, 0, 0
        };
    }

    private static void readAll(byte[] bytes, int chunkSize) throws IOException, RtmpViolation {
        ChunkReader reader = new ChunkReader(
                new CountedInput(new ByteArrayInputStream(bytes)),
                MESSAGE_BYTES,
                InMemoryBudget.ample().open("test"));
        reader.chunkSize(chunkSize);
        while (reader.read() != null) {
            // all of them
        }
    }
}
