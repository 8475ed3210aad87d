package io.millrace.ops.eventlog;

import io.millrace.ops.eventlog.Warnings.Warning;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Writes the lines that are meant for a person, and keeps the last warnings. Thread-safe. */
final class OperatorLog {

    static final int KEPT = 50;

    private final InstantSource clock;
    private final Consumer<String> say;
    private final Consumer<String> warn;
    private final Deque<Warning> kept = new ArrayDeque<>();

    OperatorLog(InstantSource clock, Consumer<String> say, Consumer<String> warn) {
        this.clock = clock;
        this.say = say;
        this.warn = warn;
    }

    void say(String line) {
        say.accept(line);
    }

    void warn(String line) {
        warn.accept(line);
        synchronized (kept) {
            kept.addFirst(new Warning(clock.instant(), line));
            if (kept.size() > KEPT) {
                kept.removeLast();
            }
        }
    }

    List<Warning> recent() {
        synchronized (kept) {
            return List.copyOf(kept);
        }
    }
}
