package io.millrace.api.orchestrator;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;

/** One result: a rendition, an image, a text. Its bytes are fetched when they are wanted. */
public interface Output {

    /** Which of the things asked for: the profile's name for a rendition. */
    String name();

    /** Where it lies; for a local orchestrator a path of its object store, else an address. */
    String location();

    /** What is paid for, in the pipeline's unit; pixels for a rendition. */
    long units();

    /** Media type of the bytes, where it is known. */
    default String contentType() {
        return "application/octet-stream";
    }

    /**
     * Brings the bytes here.
     *
     * @throws io.millrace.api.value.Fault when they are gone, too large, or late
     */
    Bytes fetch(Deadline deadline);
}
