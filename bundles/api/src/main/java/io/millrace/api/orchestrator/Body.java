package io.millrace.api.orchestrator;

import io.millrace.api.value.Bytes;

/**
 * The bytes of a job, read once, after admission. A transport reads from its socket here, so that a
 * refused job costs no transfer.
 */
@FunctionalInterface
public interface Body {

    /** What came of reading. */
    sealed interface Read {

        /** All of it. */
        record Received(Bytes bytes) implements Read {}

        /** Too large, not what its hash says, or broken off. */
        record Rejected(Refusal refusal) implements Read {}
    }

    /** Reads all of it, refusing more than {@code limit} bytes. */
    Read read(long limit);

    /** A body that is already in memory. */
    static Body of(Bytes bytes) {
        return limit -> bytes.size() > limit
                ? new Read.Rejected(new Refusal(
                        Refusal.Reason.BODY_TOO_LARGE, "a body of " + bytes.size() + " bytes is over " + limit))
                : new Read.Received(bytes);
    }
}
