package io.millrace.api.compute;

import io.millrace.api.job.Failure;
import io.millrace.api.value.Bytes;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** How a pipeline's work ended. */
public sealed interface Result {

    /** It succeeded: artifacts in the order they were asked for; streams and live sessions make none. */
    static Made made(List<Artifact> artifacts) {
        return new Made(artifacts, 200, Map.of(), OptionalLong.empty());
    }

    /** It succeeded with one artifact. */
    static Made made(Artifact artifact) {
        return made(List.of(artifact));
    }

    /** It failed. */
    static Failed failed(Failure.Kind kind, String message) {
        return new Failed(new Failure(kind, message));
    }

    /** It failed. */
    record Failed(Failure failure) implements Result {}

    /** It succeeded. Immutable. */
    final class Made implements Result {

        private final List<Artifact> artifacts;
        private final int status;
        private final Map<String, String> headers;
        private final OptionalLong units;

        private Made(List<Artifact> artifacts, int status, Map<String, String> headers, OptionalLong units) {
            this.artifacts = List.copyOf(artifacts);
            this.status = status;
            this.headers = Collections.unmodifiableMap(new TreeMap<>(headers));
            this.units = units;
        }

        /** What was made, in the order it was asked for. */
        public List<Artifact> artifacts() {
            return artifacts;
        }

        /** HTTP status of the answer to a request that is passed on as it is; 200 unless another was given. */
        public int status() {
            return status;
        }

        /** Headers of that answer; names in lower case. */
        public Map<String, String> headers() {
            return headers;
        }

        /**
         * What is paid for all of it, in the unit of the pipeline's price: what was given for the result as a whole,
         * else the sum of the artifacts. This is how a stream or a live session reports its units.
         */
        public long units() {
            return units.orElseGet(() -> artifacts.stream().mapToLong(Artifact::units).sum());
        }

        /** The same with another HTTP status. */
        public Made withStatus(int newStatus) {
            return new Made(artifacts, newStatus, headers, units);
        }

        /** The same with one more header. */
        public Made withHeader(String name, String value) {
            Map<String, String> more = new TreeMap<>(headers);
            more.put(name.toLowerCase(Locale.ROOT), value);
            return new Made(artifacts, status, more, units);
        }

        /** The same, paid for as so many units. */
        public Made withUnits(long newUnits) {
            return new Made(artifacts, status, headers, OptionalLong.of(newUnits));
        }
    }

    /** One thing that was made. Immutable. */
    final class Artifact {

        private final String name;
        private final String extension;
        private final Bytes data;
        private final String mediaType;
        private final long units;

        private Artifact(String name, String extension, Bytes data, String mediaType, long units) {
            this.name = name;
            this.extension = extension;
            this.data = data;
            this.mediaType = mediaType;
            this.units = units;
        }

        /**
         * An artifact that costs nothing by itself.
         *
         * @param name which of the things asked for: the profile's name for a rendition
         * @param extension of its file name, with the dot, such as {@code .json}
         */
        public static Artifact of(String name, String extension, Bytes data) {
            return new Artifact(name, extension, data, "", 0);
        }

        /** The same with its media type, where the extension does not say it. */
        public Artifact withMediaType(String newMediaType) {
            return new Artifact(name, extension, data, newMediaType, units);
        }

        /** The same, paid for as so many units; for a rendition frames times width times height as a decoder sees them. */
        public Artifact withUnits(long newUnits) {
            return new Artifact(name, extension, data, mediaType, newUnits);
        }

        /** Which of the things asked for. */
        public String name() {
            return name;
        }

        /** The extension of its file name, with the dot. */
        public String extension() {
            return extension;
        }

        /** The bytes. */
        public Bytes data() {
            return data;
        }

        /** Its media type; empty takes the one that the extension says. */
        public String mediaType() {
            return mediaType;
        }

        /** What is paid for it, in the unit of the pipeline's price. */
        public long units() {
            return units;
        }
    }
}
