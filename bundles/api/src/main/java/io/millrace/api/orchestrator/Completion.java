package io.millrace.api.orchestrator;

import io.millrace.api.job.Failure;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.MessageSource;
import java.util.List;
import java.util.Optional;

/** How an accepted job ended. */
public sealed interface Completion {

    /**
     * It succeeded.
     *
     * @param outputs in the order they were asked for
     * @param signature the orchestrator's over the outputs, empty off-chain
     * @param next the offer for the next job, where the peer sent one
     */
    record Done(List<Output> outputs, Bytes signature, Optional<Offer> next) implements Completion {

        /** Copies the outputs. */
        public Done {
            outputs = List.copyOf(outputs);
        }
    }

    /** It did not. */
    record Failed(Failure failure, Optional<Offer> next) implements Completion {}

    /** It answers with messages while it works. */
    record Streaming(MessageSource messages) implements Completion {}
}
