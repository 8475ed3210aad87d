package io.millrace.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClosestNameTest {

    private static final List<String> WORDS = List.of("gateway", "orchestrator", "combined");

    @Test
    void aSlipOfTheFingerIsUnderstood() {
        assertEquals(Optional.of("gateway"), ClosestName.to("gatway", WORDS));
        assertEquals(Optional.of("orchestrator"), ClosestName.to("Orchestrater", WORDS));
    }

    @Test
    void aWordThatIsNothingLikeIsNot() {
        assertEquals(Optional.empty(), ClosestName.to("redeemer", WORDS));
        assertEquals("", ClosestName.hint("x", WORDS));
    }
}
