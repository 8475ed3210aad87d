package io.millrace.api.job;

import io.millrace.api.value.Capabilities;
import java.util.Optional;

/**
 * What a job needs, enough to ask for an offer.
 *
 * @param needs empty asks for everything an orchestrator can say about itself
 */
public record JobSpec(Optional<Capabilities> needs) {

    /** A job that needs these. */
    public static JobSpec needing(Capabilities needs) {
        return new JobSpec(Optional.of(needs));
    }
}
