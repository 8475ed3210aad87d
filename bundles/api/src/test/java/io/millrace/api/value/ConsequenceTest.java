package io.millrace.api.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.job.Failure;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.payment.Payer.Declined;
import io.millrace.api.value.Fault.Consequence;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What a caller does after each "no". A constant that is added fails here until somebody has thought of what follows
 * from it, and written that down.
 */
class ConsequenceTest {

    @Test
    void everyRefusalHasTheConsequenceThatWasChosenForIt() {
        assertEquals(
                Map.ofEntries(
                        Map.entry("CAPPED", Consequence.BUSY),
                        Map.entry("BUSY", Consequence.BUSY),
                        Map.entry("DRAINING", Consequence.BUSY),
                        Map.entry("INCOMPATIBLE", Consequence.RETRY_ELSEWHERE),
                        Map.entry("UNAVAILABLE", Consequence.SUSPEND_PEER),
                        Map.entry("MALFORMED", Consequence.SUSPEND_PEER),
                        Map.entry("SIGNATURE", Consequence.SUSPEND_PEER),
                        Map.entry("TOKEN_MISSING", Consequence.RENEW_OFFER),
                        Map.entry("TOKEN_INVALID", Consequence.RENEW_OFFER),
                        Map.entry("TOKEN_EXPIRED", Consequence.RENEW_OFFER),
                        Map.entry("PAYMENT", Consequence.SUSPEND_PEER),
                        Map.entry("PAYMENT_EXPIRED", Consequence.RENEW_OFFER),
                        Map.entry("PAYMENT_NONCE", Consequence.RENEW_OFFER),
                        Map.entry("PAYMENT_PRICE", Consequence.RENEW_OFFER),
                        Map.entry("PAYMENT_BALANCE", Consequence.RENEW_OFFER),
                        Map.entry("PAYMENT_RESERVE", Consequence.RETRY_ELSEWHERE),
                        Map.entry("PAYMENT_INACTIVE", Consequence.SUSPEND_PEER),
                        Map.entry("BODY_MISMATCH", Consequence.SUSPEND_PEER),
                        Map.entry("BODY_TOO_LARGE", Consequence.SUSPEND_PEER),
                        Map.entry("BODY_UNREADABLE", Consequence.SUSPEND_PEER)),
                table(Refusal.Reason.values(), Refusal.Reason::consequence));
    }

    @Test
    void onlyAFullPeerIsBusy() {
        assertEquals(
                List.of(Refusal.Reason.CAPPED, Refusal.Reason.BUSY, Refusal.Reason.DRAINING),
                Arrays.stream(Refusal.Reason.values()).filter(Refusal.Reason::isBusy).toList());
    }

    @Test
    void everyFailureHasTheConsequenceThatWasChosenForIt() {
        assertEquals(
                Map.of(
                        "INPUT", Consequence.GIVE_UP,
                        "BUSY", Consequence.BUSY,
                        "PEER", Consequence.SUSPEND_PEER,
                        "TIMEOUT", Consequence.SUSPEND_PEER,
                        "BROKEN_OFF", Consequence.GIVE_UP,
                        "CANCELLED", Consequence.GIVE_UP),
                table(Failure.Kind.values(), Failure.Kind::consequence));
    }

    @Test
    void everyReasonNotToPayHasTheConsequenceThatWasChosenForIt() {
        assertEquals(
                Map.of(
                        "TERMS_EXPIRED", Consequence.RENEW_OFFER,
                        "TERMS", Consequence.RETRY_ELSEWHERE,
                        "PRICE", Consequence.RETRY_ELSEWHERE,
                        "FUNDS", Consequence.GIVE_UP,
                        "SPEND_LIMIT", Consequence.GIVE_UP,
                        "PEER_LIMIT", Consequence.RETRY_ELSEWHERE,
                        "UNAVAILABLE", Consequence.RETRY_HERE),
                table(Declined.Reason.values(), Declined.Reason::consequence));
    }

    @Test
    void aFaultSaysWhatItWasMadeWith() {
        IllegalStateException cause = new IllegalStateException("on purpose");
        Fault fault = new Fault(Consequence.STOP_NODE, "the ledger is broken", cause);
        assertEquals(Consequence.STOP_NODE, fault.consequence());
        assertEquals(cause, fault.getCause());
        assertEquals(Consequence.RETRY_HERE, new Fault(Consequence.RETRY_HERE, "late").consequence());
    }

    private static <E extends Enum<E>> Map<String, Consequence> table(E[] all, Function<E, Consequence> consequence) {
        return Arrays.stream(all).collect(Collectors.toMap(Enum::name, consequence));
    }
}
