package io.millrace.api.publish;

import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Judges a result before it is published and counted as good. One that throws, or takes longer than 5 s, has
 * no objection: it is named to the operator, and the orchestrator is not blamed.
 */
@ConsumerType
public interface Verifier {

    /**
     * Judges the renditions of one segment.
     *
     * @return empty when they are good, else one line that says what is wrong
     */
    Optional<String> objection(
            Segment source, Offer offer, Completion.Done result, List<Rendition> renditions);
}
