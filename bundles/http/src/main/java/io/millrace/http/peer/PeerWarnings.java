package io.millrace.http.peer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Logs what peers cause, which could be ten thousand lines a second: the first warning of a kind is logged, the
 * others are counted, and their number is logged once a minute at most.
 */
public final class PeerWarnings {

    static final Duration PAUSE = Duration.ofMinutes(1);
    /** Kinds that are told apart; those beyond share one. */
    static final int MOST_KINDS = 100;

    private final String server;
    private final InstantSource clock;
    private final BiConsumer<String, Throwable> log;
    private final Map<String, Kind> kinds = new HashMap<>();

    private static final class Kind {

        private Instant logged;
        private long more;

        Kind(Instant logged) {
            this.logged = logged;
        }
    }

    /**
     * Nothing has happened yet.
     *
     * @param server its name, for the log
     * @param clock one that never jumps
     * @param log takes a line, and a failure or null
     */
    public PeerWarnings(String server, InstantSource clock, BiConsumer<String, Throwable> log) {
        this.server = server;
        this.clock = clock;
        this.log = log;
    }

    /**
     * Something happened.
     *
     * @param what tells it from other things, and holds nothing that the stranger said
     */
    public void warn(String what, PeerAddress address) {
        warn(what, address, null);
    }

    /** Something happened, because of a failure that is logged with the first of its kind. */
    public void warn(String what, PeerAddress address, Throwable failure) {
        if (isFirst(what)) {
            log.accept(
                    "Server '" + server + "': " + what + " (" + address.network().getHostAddress()
                            + "). More of this are counted, and their number is logged once a minute.",
                    failure);
        }
    }

    private synchronized boolean isFirst(String what) {
        Kind known = kinds.get(what);
        if (known == null && kinds.size() >= MOST_KINDS) {
            known = kinds.computeIfAbsent("something else happened", others -> new Kind(clock.instant()));
        }
        if (known != null) {
            known.more++;
            return false;
        }
        kinds.put(what, new Kind(clock.instant()));
        return true;
    }

    /** Logs what was counted, when it is time. To be called about twice a second. */
    public synchronized void report() {
        Instant now = clock.instant();
        kinds.entrySet().removeIf(entry -> !isKept(entry.getKey(), entry.getValue(), now));
    }

    private boolean isKept(String what, Kind kind, Instant now) {
        if (now.isBefore(kind.logged.plus(PAUSE))) {
            return true;
        }
        if (kind.more == 0) {
            return false;
        }
        log.accept("Server '" + server + "': " + what + ", " + kind.more + " more times.", null);
        kind.more = 0;
        kind.logged = now;
        return true;
    }
}
