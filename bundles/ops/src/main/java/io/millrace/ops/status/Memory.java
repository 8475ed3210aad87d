package io.millrace.ops.status;

import io.millrace.api.resource.Budget;

/**
 * A budget of memory at one moment.
 *
 * @param resource {@link Budget#HEAP} or {@link Budget#NATIVE}
 * @param used bytes that are charged
 * @param limit bytes that may be charged
 */
public record Memory(String resource, long used, long limit) {

    private static final long MEGABYTE = 1 << 20;

    /** What is used, in megabytes of 1024 x 1024 bytes; one that is begun counts. */
    public long usedMegabytes() {
        return Math.ceilDiv(used, MEGABYTE);
    }

    /** The limit in megabytes of 1024 x 1024 bytes. */
    public long limitMegabytes() {
        return limit / MEGABYTE;
    }
}
