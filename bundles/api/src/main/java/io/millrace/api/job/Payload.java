package io.millrace.api.job;

import io.millrace.api.value.ManifestId;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

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

    /** Any other request. The body is what the client sent. Immutable. */
    final class Request implements Payload {

        private final int capability;
        private final String model;
        private final String contentType;
        private final boolean streaming;
        private final String path;
        private final Map<String, String> headers;
        private final OptionalLong units;

        private Request(Builder builder) {
            capability = builder.capability;
            model = builder.model;
            contentType = builder.contentType;
            streaming = builder.streaming;
            path = builder.path;
            headers = Collections.unmodifiableMap(new TreeMap<>(builder.headers));
            units = builder.units;
        }

        /** A request for a capability, by its number, and a model; the model is empty where there is none. */
        public static Builder of(int capability, String model) {
            return new Builder(capability, model);
        }

        /** The capability's number, which finds the pipeline. */
        public int capability() {
            return capability;
        }

        /** The model's name, empty where there is none. */
        public String model() {
            return model;
        }

        /** Media type of the body. */
        public String contentType() {
            return contentType;
        }

        /** Whether the answer comes as messages while it is made. */
        public boolean streaming() {
            return streaming;
        }

        /** What was asked for below the capability's own address, without a leading slash; mostly empty. */
        public String path() {
            return path;
        }

        /** Further headers of the request that the pipeline may read; names in lower case. */
        public Map<String, String> headers() {
            return headers;
        }

        /**
         * Units that the request costs when it is done, in the capability's unit of price, where the network has a rule
         * for it; whoever takes the request from the network measures them itself. Without them the pipeline's count.
         */
        public OptionalLong units() {
            return units;
        }

        /** Makes a request. Not thread-safe. */
        public static final class Builder {

            private final int capability;
            private final String model;
            private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            private String contentType = "application/json";
            private boolean streaming;
            private String path = "";
            private OptionalLong units = OptionalLong.empty();

            private Builder(int capability, String model) {
                this.capability = capability;
                this.model = model;
            }

            /** Media type of the body; {@code application/json} when it is not said. */
            public Builder contentType(String newContentType) {
                contentType = newContentType;
                return this;
            }

            /** The answer comes as messages while it is made. */
            public Builder streaming(boolean newStreaming) {
                streaming = newStreaming;
                return this;
            }

            /** What is asked for below the capability's own address. */
            public Builder path(String newPath) {
                path = newPath;
                return this;
            }

            /** A header that the pipeline may read. */
            public Builder header(String name, String value) {
                headers.put(name.toLowerCase(Locale.ROOT), value);
                return this;
            }

            /** Units that the request will cost. */
            public Builder units(long newUnits) {
                units = OptionalLong.of(newUnits);
                return this;
            }

            /** The request. */
            public Request build() {
                return new Request(this);
            }
        }
    }
}
