package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.resource.Budget;
import io.millrace.testkit.InMemoryBudget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Chunk headers of Adobe RTMP 1.0, 5.3.1. */
class ChunkReaderTest {

    private final InMemoryBudget budget = InMemoryBudget.ample();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void theFourKindsOfHeadersBuildOnEachOther() throws Exception {
        put(0x03, 0, 0, 100, 0, 0, 2, 8, 1, 0, 0, 0, 'a', 'b');
        put(0x43, 0, 0, 20, 0, 0, 1, 9, 'c');
        put(0x83, 0, 0, 30, 'd');
        put(0xc3, 'e');
        ChunkReader reader = reader();
        assertMessage(reader.read(), 8, 100, "ab");
        assertMessage(reader.read(), 9, 120, "c");
        assertMessage(reader.read(), 9, 150, "d");
        assertMessage(reader.read(), 9, 180, "e");
        assertNull(reader.read());
    }

    @Test
    void aMessageOfTheSameLengthRightAfterTheFirstStepsByTheFirstTime() throws Exception {
        put(0x03, 0, 0, 40, 0, 0, 1, 9, 1, 0, 0, 0, 'a');
        put(0xc3, 'b'); // 5.3.1.2.4: the delta is the time of the header of type 0
        ChunkReader reader = reader();
        assertMessage(reader.read(), 9, 40, "a");
        assertMessage(reader.read(), 9, 80, "b");
    }

    @Test
    void messagesOfSeveralChunkStreamsMayInterleave() throws Exception {
        put(0x03, 0, 0, 1, 0, 0, 4, 8, 1, 0, 0, 0, 'a', 'b');
        put(0x04, 0, 0, 2, 0, 0, 4, 9, 1, 0, 0, 0, 'w', 'x');
        put(0xc3, 'c', 'd');
        put(0xc4, 'y', 'z');
        ChunkReader reader = reader();
        reader.chunkSize(2);
        assertMessage(reader.read(), 8, 1, "abcd");
        assertMessage(reader.read(), 9, 2, "wxyz");
    }

    @Test
    void chunkStreamNumbersHaveThreeForms() throws Exception {
        put(0x00, 10, 0, 0, 7, 0, 0, 1, 8, 1, 0, 0, 0, 'a');
        put(0x01, 10, 1, 0, 0, 8, 0, 0, 1, 9, 1, 0, 0, 0, 'b');
        put(0xc0, 10, 'c');
        put(0xc1, 10, 1, 'd');
        ChunkReader reader = reader();
        assertMessage(reader.read(), 8, 7, "a");
        assertMessage(reader.read(), 9, 8, "b");
        assertMessage(reader.read(), 8, 14, "c");
        assertMessage(reader.read(), 9, 16, "d");
    }

    @Test
    void longTimesComeInAnExtraFieldThatMostSendersRepeat() throws Exception {
        put(0x03, 0xff, 0xff, 0xff, 0, 0, 4, 9, 1, 0, 0, 0, 1, 2, 3, 4, 'a', 'b');
        put(0xc3, 1, 2, 3, 4, 'c', 'd');
        ChunkReader reader = reader();
        reader.chunkSize(2);
        assertMessage(reader.read(), 9, 0x01020304, "abcd");
    }

    @Test
    void longTimesThatAreNotRepeatedAreTakenToo() throws Exception {
        put(0x03, 0xff, 0xff, 0xff, 0, 0, 8, 9, 1, 0, 0, 0, 1, 2, 3, 4, 'a', 'b', 'c', 'd');
        put(0xc3, 'e', 'f', 'g', 'h');
        ChunkReader reader = reader();
        reader.chunkSize(4);
        assertMessage(reader.read(), 9, 0x01020304, "abcdefgh");
    }

    @Test
    void anAbortedMessageIsForgotten() throws Exception {
        put(0x03, 0, 0, 1, 0, 0, 4, 8, 1, 0, 0, 0, 'a', 'b');
        put(0x04, 0, 0, 2, 0, 0, 1, 9, 1, 0, 0, 0, 'x');
        put(0x03, 0, 0, 3, 0, 0, 1, 8, 1, 0, 0, 0, 'n');
        ChunkReader reader = reader();
        reader.chunkSize(2);
        assertMessage(reader.read(), 9, 2, "x");
        reader.abort(3);
        assertMessage(reader.read(), 8, 3, "n");
    }

    @Test
    void aMessageIsChargedWhileItArrivesAndUntilTheNextIsAskedFor() throws Exception {
        half(3, 4000);
        put(0x04, 0, 0, 2, 0, 0, 1, 9, 1, 0, 0, 0, 'x');
        put(0xc3);
        bytes.writeBytes(new byte[2000]);
        put(0x04, 0, 0, 2, 0, 0, 1, 9, 1, 0, 0, 0, 'y');
        ChunkReader reader = reader();
        reader.chunkSize(2000);
        reader.read();
        assertEquals(4000 + Budget.PIECE_OVERHEAD, budget.used());
        reader.read();
        assertEquals(4000 + Budget.PIECE_OVERHEAD, budget.used());
        reader.read();
        assertEquals(0, budget.used(), "small messages are charged with their connection");
        assertNull(reader.read());
    }

    @Test
    void anAbortedMessageIsNotCharged() throws Exception {
        half(3, 4000);
        put(0x04, 0, 0, 2, 0, 0, 0, 9, 1, 0, 0, 0);
        ChunkReader reader = reader();
        reader.chunkSize(2000);
        reader.read();
        assertEquals(4000 + Budget.PIECE_OVERHEAD, budget.used());
        reader.abort(3);
        assertEquals(0, budget.used());
        assertNull(reader.read());
    }

    @Test
    void aMessageWithoutMemoryIsReadPastAndTheNextOneArrives() throws Exception {
        half(3, 2000);
        bytes.writeBytes(new byte[1000]);
        put(0x04, 0, 0, 2, 0, 0, 1, 9, 1, 0, 0, 0, 'x');
        budget.limit(300);
        ChunkReader reader = reader();
        reader.chunkSize(2000);
        Message lost = reader.read();
        assertEquals(8, lost.type());
        assertNull(lost.payload());
        assertMessage(reader.read(), 9, 2, "x");
    }

    @Test
    void aMessageThatOutgrowsTheMemoryGivesBackWhatItHad() throws Exception {
        half(3, 40_000);
        bytes.writeBytes(new byte[20_000]);
        budget.limit(20_000);
        ChunkReader reader = reader();
        reader.chunkSize(40_000);
        assertNull(reader.read().payload());
        assertEquals(0, budget.used());
    }

    /** The head of a message of sound, and the first half of its bytes. */
    private void half(int stream, int size) {
        put(stream, 0, 0, 1, 0, size >> 8, size & 0xff, 8, 1, 0, 0, 0);
        bytes.writeBytes(new byte[size / 2]);
    }

    @Test
    void anEmptyMessageIsAMessage() throws Exception {
        put(0x03, 0, 0, 1, 0, 0, 0, 9, 1, 0, 0, 0);
        assertMessage(reader().read(), 9, 1, "");
    }

    @Test
    void whatCannotBeIsRefused() {
        put(0xc3, 'a');
        assertThrows(RtmpViolation.class, () -> reader().read(), "no header to build on");
        bytes.reset();
        put(0x03, 0, 0, 1, 0, 0, 9, 8, 1, 0, 0, 0, 'a');
        assertThrows(EOFException.class, () -> reader().read(), "it ends within a message");
    }

    private void put(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
    }

    private ChunkReader reader() {
        return new ChunkReader(
                new CountedInput(new ByteArrayInputStream(bytes.toByteArray())), 1 << 20, budget.open("test"));
    }

    private static void assertMessage(Message message, int type, int timestamp, String payload) {
        assertEquals(type, message.type());
        assertEquals(timestamp, message.timestamp());
        assertArrayEquals(payload.getBytes(StandardCharsets.US_ASCII), message.payload());
    }
}
