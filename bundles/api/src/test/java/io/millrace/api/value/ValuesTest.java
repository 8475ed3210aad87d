package io.millrace.api.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ValuesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    @Test
    void bytesAreEqualByContent() {
        assertEquals(Bytes.utf8("mill"), Bytes.hex("6d696c6c"));
        assertEquals(Bytes.utf8("mill").hashCode(), Bytes.hex("6D696C6C").hashCode());
        assertEquals("mill", Bytes.hex("6d696c6c").utf8());
        assertTrue(Bytes.of(new byte[0]).isEmpty());
    }

    @Test
    void bytesDoNotChangeWithTheArrayTheyWereMadeFrom() {
        byte[] array = {1, 2};
        Bytes copy = Bytes.of(array);
        array[0] = 9;
        assertEquals(Bytes.hex("0102"), copy);
        assertNotSame(copy.toArray(), copy.toArray());
        assertSame(copy.unsafeArray(), copy.unsafeArray());
    }

    @Test
    void aLongByteStringStaysALineInALog() {
        assertEquals("20 bytes [00000000000000000000000000000000...]", Bytes.of(new byte[20]).toString());
    }

    @Test
    void aDeadlineNeverHasLessThanNothingLeft() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(2), CLOCK);
        assertEquals(Duration.ofSeconds(2), deadline.remaining(CLOCK));
        assertFalse(deadline.expired(CLOCK));
        InstantSource later = InstantSource.fixed(NOW.plusSeconds(3));
        assertEquals(Duration.ZERO, deadline.remaining(later));
        assertTrue(deadline.expired(later));
        assertSame(deadline, deadline.orEarlier(Deadline.in(Duration.ofSeconds(5), CLOCK)));
    }

    @Test
    void anAddressHasTwentyBytes() {
        assertEquals("0x" + "00".repeat(20), Address.NONE.toString());
        assertThrows(IllegalArgumentException.class, () -> new Address(Bytes.hex("00")));
    }
}
