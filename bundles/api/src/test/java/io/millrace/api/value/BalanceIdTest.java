package io.millrace.api.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BalanceIdTest {

    @Test
    void segmentsArePaidFromTheBalanceOfTheirSession() {
        assertEquals(new BalanceId("s1"), BalanceId.of(new SessionId("s1")));
    }

    /** go-livepeer: server/ai_http.go, handleAIRequest. */
    @Test
    void requestsArePaidFromTheBalanceOfTheirCapabilityAndModel() {
        assertEquals("27_stabilityai/sd-turbo", BalanceId.of(27, "stabilityai/sd-turbo").toString());
        assertEquals("37_", BalanceId.of(37, "").value());
    }

    @Test
    void aNameHasOneTo256Characters() {
        assertEquals(256, new BalanceId("x".repeat(256)).value().length());
        assertThrows(IllegalArgumentException.class, () -> new BalanceId(""));
        assertThrows(IllegalArgumentException.class, () -> new BalanceId("x".repeat(257)));
    }
}
