package io.millrace.livepeer.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.testkit.InMemoryBudget;
import org.junit.jupiter.api.Test;

class WireJsonTest {

    private static final int OBJECT_BYTES = 100;

    private static String list(int objects) {
        return "{\"a\":[" + "{},".repeat(objects - 1) + "{}]}";
    }

    @Test
    void whatItsValuesTakeOfTheHeapIsChargedBeforeItIsParsed() throws Malformed {
        InMemoryBudget small = new InMemoryBudget(1 << 20);
        Bytes text = Bytes.utf8(list(20_000));
        try (Budget.Charge charge = small.open("test")) {
            Fault full = assertThrows(Fault.class, () -> WireJson.object(text, charge));
            assertEquals(Fault.Consequence.BUSY, full.consequence());
        }
        try (Budget.Charge charge = InMemoryBudget.ample().open("test")) {
            assertEquals(20_000, WireJson.object(text, charge).getJsonArray("a").size());
            assertTrue(charge.held() > 20_000 * OBJECT_BYTES, () -> "charged " + charge.held());
        }
    }

    @Test
    void moreValuesThanAnyRequestHasAreNotParsed() {
        try (Budget.Charge charge = InMemoryBudget.ample().open("test")) {
            Fault much = assertThrows(Fault.class, () -> WireJson.object(Bytes.utf8(list(150_000)), charge));
            assertEquals(Fault.Consequence.GIVE_UP, much.consequence());
        }
        assertThrows(Malformed.class, () -> WireJson.object(list(10_000)));
    }

    @Test
    void whatStandsInAStringIsNoValue() throws Malformed {
        String text = "\\\",[{".repeat(300_000);
        try (Budget.Charge charge = InMemoryBudget.ample().open("test")) {
            assertEquals(1, WireJson.object(Bytes.utf8("{\"a\":\"" + text + "\"}"), charge).size());
        }
    }
}
