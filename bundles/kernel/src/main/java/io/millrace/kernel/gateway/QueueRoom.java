package io.millrace.kernel.gateway;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The memory that segments of all streams may take on their way. Thread-safe. */
final class QueueRoom {

    private final LongSupplier most;
    private final AtomicLong held = new AtomicLong();

    /** Room for so many bytes, which may change; never more than half of the heap. */
    QueueRoom(LongSupplier bytes) {
        long half = Runtime.getRuntime().maxMemory() / 2;
        most = () -> Math.min(bytes.getAsLong(), half);
    }

    /** Whether a segment found room; it gives that back when it is done or dropped. */
    boolean take(SegmentEntry entry) {
        long size = entry.segment().data().size();
        if (held.addAndGet(size) <= most.getAsLong()) {
            return true;
        }
        held.addAndGet(-size);
        return false;
    }

    void give(SegmentEntry entry) {
        held.addAndGet(-entry.segment().data().size());
    }
}
