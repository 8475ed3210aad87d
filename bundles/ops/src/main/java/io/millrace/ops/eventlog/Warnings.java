package io.millrace.ops.eventlog;

import java.time.Instant;
import java.util.List;

/** The last warnings that were logged. */
@FunctionalInterface
public interface Warnings {

    record Warning(Instant at, String text) {}

    /** The newest ones, newest first, at most {@link OperatorLog#KEPT}. */
    List<Warning> recent();
}
