package io.millrace.kernel.gateway.time;

import io.millrace.api.value.Registration;
import java.time.Duration;

/** Runs things later. The counterpart of an {@link java.time.InstantSource}: both move together. */
@FunctionalInterface
public interface Timers {

    /** Runs {@code task} once after {@code delay}, on a thread of its own; closing takes it back. */
    Registration after(Duration delay, Runnable task);
}
