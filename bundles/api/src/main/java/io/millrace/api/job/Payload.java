package io.millrace.api.job;

import io.millrace.api.value.ManifestId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The parameters of a job. Job kinds are data: a new pipeline needs no new type here. */
public sealed interface Payload {

    /**
     * One segment into renditions. The body is the segment.
     *
     * @param manifest the stream
     * @param sequence the segment's number, unique in the stream
     * @param duration as the ingest measured it, at most five minutes
     * @param profiles renditions wanted, in the order they are answered
     * @param clip the part wanted, empty for all of it
     * @param reinit the source changed its format: keep nothing of the segment before
     */
    record Transcode(
            ManifestId manifest,
            long sequence,
            Duration duration,
            List<VideoProfile> profiles,
            Optional<Clip> clip,
            boolean reinit)
            implements Payload {

        /** Copies the profiles. */
        public Transcode {
            profiles = List.copyOf(profiles);
        }
    }

    /**
     * Any other request. The body is what the client sent.
     *
     * @param capability the capability's number, which finds the pipeline
     * @param model the model's name, empty where there is none
     * @param contentType media type of the body
     * @param streaming whether the answer comes as messages while it is made
     * @param path what was asked for below the capability's own address, without a leading slash; mostly empty
     */
    record Request(int capability, String model, String contentType, boolean streaming, String path)
            implements Payload {

        /** One for the capability as such. */
        public Request(int capability, String model, String contentType, boolean streaming) {
            this(capability, model, contentType, streaming, "");
        }
    }
}
