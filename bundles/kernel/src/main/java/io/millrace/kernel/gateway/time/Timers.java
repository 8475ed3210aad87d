package io.millrace.kernel.gateway.time;

import io.millrace.api.value.Registration;
import java.time.Instant;

/** Runs things later. The counterpart of an {@link java.time.InstantSource}: both move together. */
@FunctionalInterface
public interface Timers {

    /** Runs {@code task} once, at {@code when} or soon after, on a thread of its own; closing takes it back. */
    Registration at(Instant when, Runnable task);
}
