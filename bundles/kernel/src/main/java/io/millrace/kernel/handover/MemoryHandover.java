package io.millrace.kernel.handover;

import io.millrace.api.node.Handover;
import io.millrace.kernel.gateway.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps the state of a few kinds for a minute, in memory. Thread-safe. */
class MemoryHandover implements Handover {

    /** An update takes seconds; after this time nobody comes for the state any more. */
    static final Duration KEPT = Duration.ofSeconds(60);

    /** Kinds that are kept at a time; another one is refused. */
    static final int MOST = 32;

    private final Timers timers;
    private final InstantSource clock;
    private final Map<String, Kept> kept = new HashMap<>();

    /** Compared by identity, since comparing the state would compare megabytes of media. */
    private static final class Kept {
        private final Map<String, Object> state;
        private final Instant until;

        Kept(Map<String, Object> state, Instant until) {
            this.state = state;
            this.until = until;
        }
    }

    MemoryHandover(Timers timers, InstantSource clock) {
        this.timers = timers;
        this.clock = clock;
    }

    @Override
    public void leave(String kind, Map<String, Object> state) {
        state.forEach((key, value) -> check(kind + "." + key, value));
        Kept one = new Kept(Map.copyOf(state), clock.instant().plus(KEPT));
        synchronized (this) {
            if (kept.size() >= MOST && !kept.containsKey(kind)) {
                throw new IllegalStateException("state of " + MOST + " kinds is kept already, which is the most");
            }
            kept.put(kind, one);
        }
        timers.at(one.until, () -> forget(kind, one));
    }

    @Override
    public synchronized Map<String, Object> take(String kind) {
        Kept one = kept.remove(kind);
        return one == null || !clock.instant().isBefore(one.until) ? Map.of() : one.state;
    }

    private synchronized void forget(String kind, Kept one) {
        kept.remove(kind, one);
    }

    /** An object whose class is the bundle's own would keep the bundle's class loader, and with it all of the bundle. */
    private static void check(String where, Object value) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, each) -> {
                check(where, key);
                check(where + "." + key, each);
            });
            case Collection<?> all -> all.forEach(each -> check(where, each));
            case Optional<?> maybe -> maybe.ifPresent(each -> check(where, each));
            default -> {
                ClassLoader loader = value.getClass().getClassLoader();
                if (loader != null && loader != Handover.class.getClassLoader()) {
                    throw new IllegalArgumentException(
                            where + " is a " + value.getClass().getName() + ", which is the bundle's own");
                }
            }
        }
    }
}
