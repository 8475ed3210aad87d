package io.millrace.ops.narrate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets one complaint about a thing through in each window and counts the others; when the window is
 * over, the count is told. Thread-safe. Windows are closed by the next call, whatever it is about.
 */
final class Throttle {

    /** How long one complaint about a thing is enough. */
    static final Duration WINDOW = Duration.ofSeconds(30);

    /** Things watched at once; beyond that the oldest window closes early. */
    static final int THINGS = 200;

    private static final class Window {
        private final Instant opened;
        private int more;

        private Window(Instant opened) {
            this.opened = opened;
        }
    }

    private final InstantSource clock;
    private final Consumer<String> out;

    /** By thing, in the order they were opened. */
    private final Map<String, Window> windows = new LinkedHashMap<>();

    Throttle(InstantSource clock, Consumer<String> out) {
        this.clock = clock;
        this.out = out;
    }

    /** Complains about a thing, unless that was just done. */
    void warn(String thing, String line) {
        List<String> lines = new ArrayList<>();
        synchronized (windows) {
            closeOld(lines);
            Window window = windows.get(thing);
            if (window != null) {
                window.more++;
            } else {
                windows.put(thing, new Window(clock.instant()));
                lines.add(line);
            }
        }
        lines.forEach(out);
    }

    /** Tells what is left to tell of things whose window is over. */
    void tick() {
        List<String> lines = new ArrayList<>();
        synchronized (windows) {
            closeOld(lines);
        }
        lines.forEach(out);
    }

    private void closeOld(List<String> lines) {
        Instant limit = clock.instant().minus(WINDOW);
        Iterator<Map.Entry<String, Window>> oldest = windows.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, Window> entry = oldest.next();
            if (entry.getValue().opened.isAfter(limit) && windows.size() <= THINGS) {
                return;
            }
            int more = entry.getValue().more;
            if (more > 0) {
                lines.add(entry.getKey() + ": and " + more + " more of these");
            }
            oldest.remove();
        }
    }
}
