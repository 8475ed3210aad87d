package io.millrace.kernel.estate;

import io.millrace.api.node.Estates;
import io.millrace.kernel.gateway.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps a few estates for a short time, in memory. Thread-safe. */
final class KeptEstates implements Estates {

    /** An update takes seconds; what nobody took by then only takes room. */
    static final Duration KEPT = Duration.ofSeconds(60);

    /** Kinds at a time; one more is not kept. */
    static final int MOST = 32;

    private final Timers timers;
    private final InstantSource clock;
    private final Map<String, Kept> kept = new HashMap<>();

    /** Told from others by its identity: comparing contents would compare what is shown, byte by byte. */
    private static final class Kept {
        private final Map<String, Object> estate;
        private final Instant until;

        Kept(Map<String, Object> estate, Instant until) {
            this.estate = estate;
            this.until = until;
        }
    }

    KeptEstates(Timers timers, InstantSource clock) {
        this.timers = timers;
        this.clock = clock;
    }

    @Override
    public void leave(String kind, Map<String, Object> estate) {
        estate.forEach((key, value) -> check(kind + "." + key, value));
        Kept one = new Kept(Map.copyOf(estate), clock.instant().plus(KEPT));
        synchronized (this) {
            if (kept.size() >= MOST && !kept.containsKey(kind)) {
                throw new IllegalStateException(MOST + " estates are kept already, as many as there may be");
            }
            kept.put(kind, one);
        }
        timers.at(one.until, () -> forget(kind, one));
    }

    @Override
    public synchronized Map<String, Object> take(String kind) {
        Kept one = kept.remove(kind);
        return one == null || !clock.instant().isBefore(one.until) ? Map.of() : one.estate;
    }

    private synchronized void forget(String kind, Kept one) {
        kept.remove(kind, one);
    }

    /** What a bundle's own class loader made would hold all of that bundle. */
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
                if (loader != null && loader != Estates.class.getClassLoader()) {
                    throw new IllegalArgumentException(
                            where + " is a " + value.getClass().getName() + ", which is the bundle's own");
                }
            }
        }
    }
}
