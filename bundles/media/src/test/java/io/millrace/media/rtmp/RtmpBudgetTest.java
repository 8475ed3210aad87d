package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.media.Samples;
import io.millrace.media.rtmp.FlvTags.Tag;
import io.millrace.media.rtmp.RecordingGate.Submitted;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a publisher takes of the node's memory, and that it is given back however the publisher ends. */
class RtmpBudgetTest {

    private final List<Tag> sample = FlvTags.media(Samples.bytes("avc-aac.flv"));
    private TestServer server;

    @BeforeEach
    void open() throws Exception {
        server = TestServer.open();
    }

    @AfterEach
    void everythingIsGivenBack() {
        server.close();
        assertEquals(0, server.budget.used());
    }

    @Test
    void aPublisherThatLeavesGivesBackWhatItHeld() throws Exception {
        TestPublisher.publish(server, "live", "one").close();
        server.gate.takeClosed();
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "two")) {
            publisher.send(sample, 0);
            publisher.command(0, "deleteStream", 9, null, 1);
            publisher.status();
            assertEquals("two", server.gate.takeClosed());
            assertTrue(server.budget.used() > 0, "the connection is still there");
        }
    }

    @Test
    void aPublisherThatBreaksOffWithinAMessageGivesBackWhatItHeld() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "one")) {
            publisher.send(sample, 0);
            publisher.raw(new byte[] {7, 0, 0, 0, 0, (byte) 0xff, 0, 9, 1, 0, 0, 0, 1, 2, 3});
        }
        server.gate.takeClosed();
    }

    @Test
    void aPublisherThatIsClosedForAViolationGivesBackWhatItHeld() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "one")) {
            publisher.send(sample, 0);
            publisher.write(2, 0, Message.SET_CHUNK_SIZE, 0, ChunkWriter.int32(0));
            publisher.awaitClose();
        }
        server.gate.takeClosed();
    }

    @Test
    void aPublisherWithoutMemoryStaysAndGoesOnAtItsNextKeyframe() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "one")) {
            publisher.send(sample, 0);
            publisher.send(sample, 2000);
            Submitted first = server.gate.take();
            assertEquals(0, first.segment().sequence());
            server.budget.limit(0);
            publisher.send(sample, 4000);
            publisher.ping();
            server.budget.limit(1L << 30);
            publisher.send(sample, 6000);
            publisher.send(sample, 8000);
            Submitted next = server.gate.take();
            assertEquals(1, next.segment().sequence());
            assertTrue(next.segment().discontinuity());
            assertEquals(60, next.info().videoFrames());
        }
    }

    @Test
    void aConnectionWithoutMemoryIsClosed() throws Exception {
        server.budget.limit(1000);
        try (TestPublisher publisher = new TestPublisher(server.server.port())) {
            publisher.awaitClose();
        }
        server.budget.limit(1L << 30);
        TestPublisher.publish(server, "live", "one").close();
        server.gate.takeClosed();
    }

    @Test
    void smallSoundsWithoutEndEndTheirPublisherOnly() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "one")) {
            byte[] sound = new byte[18];
            System.arraycopy(new byte[] {4, 0, 0, 0, 0, 0, 2, 8, 1, 0, 0, 0, 0x2f, 0x55}, 0, sound, 0, 14);
            byte[] many = new byte[14 + 3 * 120_000];
            System.arraycopy(sound, 0, many, 0, 14);
            for (int at = 14; at < many.length; at += 3) {
                many[at] = (byte) 0xc4; // the same header again
                many[at + 1] = 0x2f;
                many[at + 2] = 0x55;
            }
            try {
                publisher.raw(many);
            } catch (IOException closed) {
                // before all was sent
            }
            publisher.awaitClose();
        }
        assertFalse(server.gate.takeClosed().isEmpty());
    }

    @Test
    void longCommandsAndConfigurationsAreNotKept() throws Exception {
        try (TestPublisher publisher = new TestPublisher(server.server.port())) {
            publisher.handshake();
            publisher.chunkSize(1 << 20);
            publisher.write(3, 0, Message.COMMAND, 0, new byte[70_000]);
            publisher.awaitClose();
        }
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "one")) {
            publisher.chunkSize(1 << 20);
            publisher.write(3, 0, Message.DATA, 1, new byte[70_000]);
            publisher.write(6, 0, Message.VIDEO, 1, configuration(3 * 60_000));
            publisher.ping();
            assertTrue(server.budget.used() < 100_000 + CountedInput.BUFFER);
        }
    }

    private static byte[] configuration(int size) {
        byte[] bytes = new byte[size + 100];
        System.arraycopy(new byte[] {0x17, 0, 0, 0, 0, 1, 66, 0, 30, -1, (byte) 0xe0, 3}, 0, bytes, 0, 12);
        for (int set = 0, at = 12; set < 3; set++, at += 2 + 60_000) {
            bytes[at] = (byte) (60_000 >> 8);
            bytes[at + 1] = (byte) 60_000;
        }
        return bytes;
    }
}
