package io.millrace.ops.eventlog;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets the first complaint of a kind through and counts the others; while there are more, their number is told once in
 * each window, and nothing else. Thread-safe. Windows are closed by the next call, whatever it is about.
 */
final class WarningThrottle {

    /** How often the number of complaints of a kind is told at most. */
    static final Duration WINDOW = Duration.ofMinutes(1);

    /** Kinds told apart at once; what is beyond them is one kind together. */
    static final int KINDS = 200;

    private static final String OTHERS = "other complaints";

    /** Since when complaints of a kind are counted, and how many there were. */
    private record Window(Instant opened, int more) {}

    private final InstantSource clock;
    private final Consumer<String> out;

    private final Map<String, Window> windows = new LinkedHashMap<>();

    WarningThrottle(InstantSource clock, Consumer<String> out) {
        this.clock = clock;
        this.out = out;
    }

    void warn(String kind, String line) {
        tick();
        synchronized (windows) {
            String known = windows.containsKey(kind) || windows.size() < KINDS ? kind : OTHERS;
            Window window = windows.get(known);
            if (window != null) {
                windows.put(known, new Window(window.opened, window.more + 1));
                return;
            }
            windows.put(known, new Window(clock.instant(), 0));
        }
        out.accept(line);
    }

    void tick() {
        closed().forEach(out);
    }

    /** Of the kinds whose window is over, how many more there were. */
    private List<String> closed() {
        List<String> lines = new ArrayList<>();
        Instant now = clock.instant();
        synchronized (windows) {
            while (!windows.isEmpty()) {
                Map.Entry<String, Window> oldest = windows.entrySet().iterator().next();
                String kind = oldest.getKey();
                Window window = oldest.getValue();
                if (window.opened.plus(WINDOW).isAfter(now)) {
                    break;
                }
                windows.remove(kind);
                if (window.more > 0) {
                    lines.add(kind + ": " + window.more + " more since the last line about it");
                    windows.put(kind, new Window(now, 0));
                }
            }
        }
        return lines;
    }
}
