package io.millrace.kernel.gateway.session;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * Orchestrators that are left alone, counted in rounds of discovery. Not thread-safe: its pool guards
 * it.
 */
final class Suspensions {

    private final Map<URI, Integer> until = new HashMap<>();
    private int rounds;

    /** Another {@code penalty} rounds from now, or on top of what is left. */
    void suspend(URI address, int penalty) {
        until.merge(address, rounds + penalty, (old, fresh) -> Math.max(old, rounds) + penalty);
    }

    /** A round of discovery begins. */
    void nextRound() {
        rounds++;
        until.values().removeIf(last -> last < rounds);
    }

    /** Rounds left, 0 when it is not suspended. */
    int penalty(URI address) {
        Integer last = until.get(address);
        return last == null ? 0 : last - rounds + 1;
    }
}
