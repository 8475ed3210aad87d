package io.millrace.arbitrum;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assertions;

/** Waits for what happens on another thread or process. */
final class Waiting {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private Waiting() {}

    static void until(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            Assertions.assertTrue(Instant.now().isBefore(end), "it did not happen within " + PATIENCE);
            Thread.onSpinWait();
        }
    }
}
