package io.millrace.media.push;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.resource.Budget;
import io.millrace.media.push.Body.Outcome;
import io.millrace.testkit.InMemoryBudget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest {

    private static final int LIMIT = 4 << 20;
    private static final int MARGIN = 512 << 10;

    private final InMemoryBudget budget = InMemoryBudget.ample();
    private final Body body = new Body(budget);

    @AfterEach
    void everythingIsGivenBack() {
        body.close();
        assertEquals(0, budget.used());
    }

    /** A body that breaks off after so many bytes. */
    private static InputStream broken(int bytes) {
        return new InputStream() {
            private int left = bytes;

            @Override
            public int read() throws IOException {
                if (left == 0) {
                    throw new IOException("gone");
                }
                left--;
                return 0;
            }
        };
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 256 << 10, (256 << 10) + 1, 1 << 20, (3 << 20) + 17, LIMIT})
    void whatIsReadIsWhatWasSentWithALengthAndWithout(int size) throws Exception {
        byte[] sent = random(size);
        for (long announced : new long[] {-1, size}) {
            try (Body read = new Body(budget)) {
                assertEquals(Outcome.READ, read.read(new ByteArrayInputStream(sent), announced, LIMIT));
                assertEquals(size, read.size());
                assertArrayEquals(sent, read.bytes().unsafeArray());
                assertTrue(size == 0 || budget.used() == size + Budget.PIECE_OVERHEAD, budget.used() + " are charged");
            }
        }
    }

    @Test
    void aBodyOfAnnouncedLengthIsNotHeldTwice() throws Exception {
        int size = 4 << 20;
        long[] charged = new long[1];
        InputStream in = new ByteArrayInputStream(random(size)) {
            @Override
            public int readNBytes(byte[] target, int from, int length) {
                charged[0] = Math.max(charged[0], budget.used());
                return super.readNBytes(target, from, length);
            }
        };
        assertEquals(Outcome.READ, body.read(in, size, size));
        long most = charged[0];
        assertTrue(most <= size + MARGIN, most + " were charged for " + size);
    }

    @Test
    void anAnnouncedLengthAloneTakesNoMemory() {
        assertThrows(IOException.class, () -> body.read(broken(300), LIMIT, LIMIT));
        assertTrue(budget.used() <= MARGIN, budget.used() + " are charged for 300 bytes");
    }

    @Test
    void aBodyThatFindsNoRoomIsReadToItsEndAndGivesBackWhatItHad() throws Exception {
        budget.limit(1 << 20);
        InputStream in = new ByteArrayInputStream(random(2 << 20));
        assertEquals(Outcome.NO_ROOM, body.read(in, -1, LIMIT));
        assertEquals(0, budget.used());
        assertEquals(0, in.available(), "a client that still sends could not read the answer");
    }

    @Test
    void aBodyThatFindsNoRoomForItsOneArrayGivesBackWhatItHad() throws Exception {
        budget.limit(3 << 20);
        assertEquals(Outcome.NO_ROOM, body.read(new ByteArrayInputStream(random(2 << 20)), -1, LIMIT));
        assertEquals(0, budget.used());
    }

    @Test
    void aBodyThatIsTooLargeGivesBackWhatItHad() throws Exception {
        assertEquals(Outcome.TOO_LARGE, body.read(new ByteArrayInputStream(random(LIMIT + 1)), -1, LIMIT));
        assertEquals(0, budget.used());
        assertEquals(Outcome.TOO_LARGE, body.read(new ByteArrayInputStream(random(10)), LIMIT + 1L, LIMIT));
    }

    @Test
    void aBodyThatBreaksOffGivesBackWhatItHadWhenItIsClosed() {
        assertThrows(IOException.class, () -> body.read(broken(400_000), -1, LIMIT));
        assertTrue(budget.used() > 0);
    }
}
