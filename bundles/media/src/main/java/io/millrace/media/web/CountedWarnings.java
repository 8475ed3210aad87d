package io.millrace.media.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Warnings that a peer can cause as often as it likes. The first of a kind is logged; those that follow are counted,
 * and their number is told with the next one that is logged, at most once a minute. Thread-safe.
 */
public final class CountedWarnings {

    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Consumer<String> log;
    private final InstantSource clock;
    private final Map<String, Told> kinds = new ConcurrentHashMap<>();

    private record Told(Instant next, long left) {}

    /** @param log takes a line that is to be written */
    public CountedWarnings(Consumer<String> log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * Logs or counts a warning.
     *
     * @param kind one of a fixed number of words of the caller; never made of what a stranger said
     */
    public void warn(String kind, String text) {
        Instant now = clock.instant();
        long[] left = {-1};
        kinds.compute(kind, (name, told) -> {
            if (told != null && now.isBefore(told.next())) {
                return new Told(told.next(), told.left() + 1);
            }
            left[0] = told == null ? 0 : told.left();
            return new Told(now.plus(PAUSE), 0);
        });
        String line = text.replaceAll("\\p{Cc}", "?"); // names of strangers may hold what acts in a terminal
        if (left[0] == 0) {
            log.accept(line);
        } else if (left[0] > 0) {
            log.accept(line + " (" + left[0] + " more of this kind since the last line about it)");
        }
    }
}
