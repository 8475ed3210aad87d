package io.millrace.kernel.gateway;

import io.millrace.api.value.Registration;
import io.millrace.kernel.gateway.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A clock and its timers, which move only when they are told to. */
public final class ManualTime implements InstantSource, Timers {

    private final List<Due> due = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private record Due(Instant at, Runnable task) {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized Registration at(Instant when, Runnable task) {
        if (!when.isAfter(now)) {
            Thread.ofVirtual().start(task);
            return () -> {};
        }
        Due one = new Due(when, task);
        due.add(one);
        notifyAll();
        return () -> {
            synchronized (this) {
                due.remove(one);
            }
        };
    }

    /** Moves on, and starts what falls due, each on a thread of its own. */
    public void advance(Duration step) {
        List<Due> ringing;
        synchronized (this) {
            now = now.plus(step);
            ringing = due.stream()
                    .filter(one -> !one.at().isAfter(now))
                    .sorted(Comparator.comparing(Due::at))
                    .toList();
            due.removeAll(ringing);
        }
        ringing.forEach(one -> Thread.ofVirtual().start(one.task()));
    }

    /** Lets time pass in small steps, slow enough for those who work meanwhile, until {@code enough}. */
    public void passUntil(BooleanSupplier enough) throws InterruptedException {
        for (int step = 0; step < 600 && !enough.getAsBoolean(); step++) {
            advance(Duration.ofMillis(100));
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Waits until somebody has set a timer for exactly {@code delay} from now. */
    public synchronized void awaitTimer(Duration delay) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (due.stream().noneMatch(one -> one.at().equals(now.plus(delay)))) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("no timer for " + delay + " among " + due);
            }
            wait(Math.max(1, left / 1_000_000));
        }
    }
}
