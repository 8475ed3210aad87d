package io.millrace.livepeer.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Keccak256;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {

    private static final long LIMIT = 8 << 20;

    private final ManualClock clock = new ManualClock();
    private final InMemoryBudget heap = InMemoryBudget.ample();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 262_144, 1_000_000, (int) LIMIT})
    void aBodyArrivesWholeWhateverIsSaidOfItsLengthAndOnlyItIsCharged(int size) throws IOException {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        for (long announced : new long[] {-1, 0, size / 2, size, LIMIT}) {
            try (Budget.Charge charge = heap.open("test")) {
                BodyReader reader = BodyReader.hashing(charge, soon(), clock);
                assertEquals(Bytes.of(body), reader.read(inPieces(body), announced, LIMIT), "announced " + announced);
                assertEquals(Keccak256.of(body), reader.hash());
                assertEquals(size + Budget.PIECE_OVERHEAD, charge.held());
            }
        }
        assertEquals(0, heap.used());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, LIMIT, LIMIT + 1})
    void aBodyOverTheLimitIsTooLarge(long announced) {
        assertEquals(Refusal.Reason.BODY_TOO_LARGE, refused(new Endless(), announced, LIMIT));
        assertEquals(0, heap.used());
    }

    @Test
    void aLengthThatIsAnnouncedTakesNoMemoryUntilAQuarterOfItIsHere() {
        // of 4 MB announced, 40 kB come
        byte[] some = new byte[40_000];
        InputStream in = new InputStream() {
            private int sent;

            @Override
            public int read() {
                return sent++ < some.length ? 0 : fail();
            }

            private int fail() {
                assertTrue(heap.used() <= 100_000, heap.used() + " bytes are charged");
                return -1;
            }
        };
        refusedOrRead(in, 4 << 20, LIMIT);
    }

    @Test
    void aBodyOfTheAnnouncedLengthNeverTakesMoreThanAQuarterOnTop() throws IOException {
        long size = 4 << 20;
        heap.limit(size + size / 4 + 1000);
        try (Budget.Charge charge = heap.open("test")) {
            BodyReader reader = BodyReader.of(charge, soon(), clock);
            assertEquals(size, reader.read(inPieces(new byte[(int) size]), size, LIMIT).size());
        }
    }

    @Test
    void aBodyThatFindsNoMemoryIsBusyBeforeItIsKept() {
        heap.limit(1_000_000);
        assertEquals(Refusal.Reason.BUSY, refused(new Endless(), -1, LIMIT));
        assertEquals(0, heap.used());
    }

    @Test
    void aBodyThatComesTooSlowlyIsCutOffLongBeforeItsDeadline() {
        InputStream slow = new InputStream() {
            @Override
            public int read() {
                clock.advance(Duration.ofSeconds(1));
                return 0;
            }

            @Override
            public int read(byte[] bytes, int from, int length) {
                return length == 0 ? 0 : Math.min(read() + 1, length);
            }
        };
        Deadline deadline = Deadline.in(Duration.ofHours(1), clock);
        IOException e = assertThrows(
                BodyException.class, () -> read(slow, -1, LIMIT, deadline));
        assertTrue(e.getMessage().contains("bytes a second"), e.getMessage());
        assertTrue(deadline.remaining(clock).toMinutes() >= 59);
    }

    @Test
    void whatAPeerWorksBeforeItsFirstByteIsNoSlowness() throws IOException {
        InputStream late = new InputStream() {
            private int sent;

            @Override
            public int read() {
                if (sent == 0) {
                    clock.advance(Duration.ofSeconds(40));
                }
                return sent++ < 100 ? 0 : -1;
            }
        };
        Deadline deadline = Deadline.in(Duration.ofMinutes(1), clock);
        assertEquals(100, read(late, -1, LIMIT, deadline).size());
    }

    @Test
    void aFastBodyThatIsNotHereByItsDeadlineIsLate() {
        InputStream steady = new Endless() {
            @Override
            public int read(byte[] bytes, int from, int length) {
                clock.advance(Duration.ofMillis(10));
                return Math.min(length, 1000);
            }
        };
        Deadline deadline = Deadline.in(Duration.ofSeconds(20), clock);
        assertThrows(DeadlineExceededException.class, () -> read(steady, -1, LIMIT, deadline));
    }

    private Refusal.Reason refused(InputStream in, long announced, long limit) {
        return assertThrows(BodyException.class, () -> read(in, announced, limit, soon())).reason();
    }

    private void refusedOrRead(InputStream in, long announced, long limit) {
        try {
            read(in, announced, limit, soon());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Bytes read(InputStream in, long announced, long limit, Deadline deadline) throws IOException {
        try (Budget.Charge charge = heap.open("test")) {
            return BodyReader.of(charge, deadline, clock).read(in, announced, limit);
        }
    }

    private Deadline soon() {
        return Deadline.in(Duration.ofSeconds(60), clock);
    }

    /** As a socket gives it: some bytes at a time. */
    private static InputStream inPieces(byte[] body) {
        return new ByteArrayInputStream(body) {
            @Override
            public synchronized int read(byte[] bytes, int from, int length) {
                return super.read(bytes, from, Math.min(length, 8191));
            }
        };
    }

    private static class Endless extends InputStream {

        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] bytes, int from, int length) {
            return length;
        }
    }
}
