package io.millrace.api.gateway;

import io.millrace.api.value.Deadline;

/** A segment on its way. */
@FunctionalInterface
public interface Pending {

    /** Waits for the end; {@link SegmentResult.Dropped} when the deadline passed. */
    SegmentResult await(Deadline deadline);
}
