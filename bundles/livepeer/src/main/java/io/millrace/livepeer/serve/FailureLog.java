package io.millrace.livepeer.serve;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Logs failures that any peer can cause again and again. A failure of one kind is logged once with its cause, and
 * from then on at most once a minute with how often it came again. Thread-safe.
 */
final class FailureLog {

    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Logger log;
    private final InstantSource clock;
    /** Kinds of failure: one for each message and type of cause, so that the code bounds their number. */
    private final Map<String, Kind> kinds = new HashMap<>();

    private static final class Kind {

        private Instant next = Instant.MIN;
        private long count;
    }

    FailureLog(Logger log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * A failure.
     *
     * @param message the same for all of its kind
     * @param which one it is, for the first of its kind
     */
    void failed(String message, Object which, Throwable cause) {
        long again = count(message + cause.getClass().getName());
        if (again == 0) {
            log.error("{} The first was {}; further ones are counted.", message, which, cause);
        } else if (again > 0) {
            log.error("{} This happened {} more times; the last was {}: {}", message, again, which, cause.toString());
        }
    }

    /** How often it came since it was logged, 0 for the first time, negative when it is not to be logged now. */
    private synchronized long count(String key) {
        Kind kind = kinds.computeIfAbsent(key, none -> new Kind());
        boolean first = kind.next.equals(Instant.MIN);
        kind.count++;
        if (clock.instant().isBefore(kind.next)) {
            return -1;
        }
        kind.next = clock.instant().plus(PAUSE);
        long count = kind.count;
        kind.count = 0;
        return first ? 0 : count;
    }
}
