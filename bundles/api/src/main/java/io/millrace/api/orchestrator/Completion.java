package io.millrace.api.orchestrator;

import io.millrace.api.job.Failure;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.MessageSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** How an accepted job ended. */
public sealed interface Completion {

    /** It did not succeed. */
    record Failed(Failure failure, Optional<Offer> next) implements Completion {}

    /**
     * It answers with messages while it works.
     *
     * @param messages the answer; closing it gives the job up
     * @param contentType media type of what the messages are together
     */
    record Streaming(MessageSource<Bytes> messages, String contentType) implements Completion {}

    /** It succeeded. Immutable. */
    final class Done implements Completion {

        private final List<Output> outputs;
        private final Bytes signature;
        private final Optional<Offer> next;
        private final int status;
        private final Map<String, String> headers;
        private final OptionalLong units;

        private Done(
                List<Output> outputs,
                Bytes signature,
                Optional<Offer> next,
                int status,
                Map<String, String> headers,
                OptionalLong units) {
            this.outputs = List.copyOf(outputs);
            this.signature = signature;
            this.next = next;
            this.status = status;
            this.headers = Collections.unmodifiableMap(new TreeMap<>(headers));
            this.units = units;
        }

        /** These outputs, in the order they were asked for; unsigned, without a next offer. */
        public static Done of(List<Output> outputs) {
            return new Done(outputs, Bytes.EMPTY, Optional.empty(), 200, Map.of(), OptionalLong.empty());
        }

        /** The results, in the order they were asked for. */
        public List<Output> outputs() {
            return outputs;
        }

        /** The orchestrator's signature over the hashes of the outputs; empty off-chain. */
        public Bytes signature() {
            return signature;
        }

        /** The offer for the next job, where the peer sent one. */
        public Optional<Offer> next() {
            return next;
        }

        /** HTTP status of an answer that is passed on as it is; 200 unless the pipeline gave another. */
        public int status() {
            return status;
        }

        /** Headers of that answer; names in lower case. */
        public Map<String, String> headers() {
            return headers;
        }

        /** What the job cost, in the unit of its price: what was given for the whole, else the sum of the outputs. */
        public long units() {
            return units.orElseGet(() -> outputs.stream().mapToLong(Output::units).sum());
        }

        /** The same with other outputs, such as fetched ones. */
        public Done withOutputs(List<Output> newOutputs) {
            return new Done(newOutputs, signature, next, status, headers, units);
        }

        /** The same, signed. */
        public Done withSignature(Bytes newSignature) {
            return new Done(outputs, newSignature, next, status, headers, units);
        }

        /** The same with the offer for the next job. */
        public Done withNext(Optional<Offer> newNext) {
            return new Done(outputs, signature, newNext, status, headers, units);
        }

        /** The same with an HTTP status and headers of the pipeline's own. */
        public Done withAnswer(int newStatus, Map<String, String> newHeaders) {
            Map<String, String> lower = new TreeMap<>();
            newHeaders.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
            return new Done(outputs, signature, next, newStatus, lower, units);
        }

        /** The same, which cost so many units. */
        public Done withUnits(long newUnits) {
            return new Done(outputs, signature, next, status, headers, OptionalLong.of(newUnits));
        }
    }
}
