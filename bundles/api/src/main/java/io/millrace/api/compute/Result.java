package io.millrace.api.compute;

import io.millrace.api.job.Failure;
import io.millrace.api.value.Bytes;
import java.util.List;

/** How a pipeline's work ended. */
public sealed interface Result {

    /**
     * One thing that was made.
     *
     * @param name which of the things asked for: the profile's name for a rendition
     * @param extension of its file name, with the dot; it says what media type the bytes have, such as {@code .json}
     * @param data the bytes
     * @param units what is paid for; for a rendition frames times width times height as a decoder sees them
     */
    record Artifact(String name, String extension, Bytes data, long units) {}

    /** It succeeded: artifacts in the order they were asked for. Streams and live sessions make none. */
    record Made(List<Artifact> artifacts) implements Result {

        /** Copies the artifacts. */
        public Made {
            artifacts = List.copyOf(artifacts);
        }
    }

    /** It failed. */
    record Failed(Failure failure) implements Result {}
}
