package io.millrace.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestTest {

    private static final List<String> WORDS = List.of("gateway", "orchestrator", "combined");

    @Test
    void aSlipOfTheFingerIsUnderstood() {
        assertEquals(Optional.of("gateway"), Nearest.to("gatway", WORDS));
        assertEquals(Optional.of("orchestrator"), Nearest.to("Orchestrater", WORDS));
    }

    @Test
    void aWordThatIsNothingLikeIsNot() {
        assertEquals(Optional.empty(), Nearest.to("redeemer", WORDS));
        assertEquals("", Nearest.hint("x", WORDS));
    }
}
