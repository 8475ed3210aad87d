package io.millrace.ops.status;

import io.millrace.api.resource.Budget;
import java.util.stream.Stream;

/**
 * A budget of memory at one moment.
 *
 * @param resource {@link Budget#HEAP} or {@link Budget#NATIVE}
 * @param used bytes that are charged
 * @param limit bytes that may be charged
 */
public record Memory(String resource, long used, long limit) {

    private static final long MEGABYTE = 1 << 20;

    /** That of a budget, of which there may be none (null). */
    static Stream<Memory> of(String resource, Budget budget) {
        return budget == null ? Stream.empty() : Stream.of(new Memory(resource, budget.used(), budget.limit()));
    }

    /** What is used, in megabytes of 1024 x 1024 bytes; one that is begun counts. */
    public long usedMegabytes() {
        return Math.ceilDiv(used, MEGABYTE);
    }

    /** The limit in megabytes of 1024 x 1024 bytes. */
    public long limitMegabytes() {
        return limit / MEGABYTE;
    }
}
