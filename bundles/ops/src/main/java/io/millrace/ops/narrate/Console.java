package io.millrace.ops.narrate;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where lines for a person go: the logger that is shown on the console; warnings are kept too. */
final class Console implements Warnings {

    /** Warnings kept. */
    static final int KEPT = 50;

    private static final Logger log = LoggerFactory.getLogger("millrace");

    private final InstantSource clock;
    private final Deque<Warning> kept = new ArrayDeque<>();

    Console(InstantSource clock) {
        this.clock = clock;
    }

    void say(String line) {
        log.info(line);
    }

    void warn(String line) {
        log.warn(line);
        synchronized (kept) {
            kept.addFirst(new Warning(clock.instant(), line));
            if (kept.size() > KEPT) {
                kept.removeLast();
            }
        }
    }

    @Override
    public List<Warning> recent() {
        synchronized (kept) {
            return List.copyOf(kept);
        }
    }
}
