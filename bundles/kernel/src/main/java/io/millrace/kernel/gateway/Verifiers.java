package io.millrace.kernel.gateway;

import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.publish.Verifier;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.lease.Unfit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** All verifiers that are there. One that fails is no reason to blame an orchestrator: it is passed over. */
final class Verifiers {

    /** How long a verdict may take. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Leased<Verifier> verifiers;
    private final Foreign foreign;

    Verifiers(Leased<Verifier> verifiers, Foreign foreign) {
        this.verifiers = verifiers;
        this.foreign = foreign;
    }

    /** The first objection; empty when the renditions are good. Waits for one that is being replaced. */
    Optional<String> objection(Segment source, Offer offer, Completion.Done done, List<Rendition> renditions) {
        verifiers.awaitSuccessor();
        List<Lease<Verifier>> leases = verifiers.takeAll(verifier -> true);
        try {
            return leases.stream()
                    .map(lease -> said(lease, source, offer, done, renditions))
                    .flatMap(Optional::stream)
                    .findFirst();
        } finally {
            leases.forEach(Lease::close);
        }
    }

    private Optional<String> said(
            Lease<Verifier> lease, Segment source, Offer offer, Completion.Done done, List<Rendition> renditions) {
        try {
            Optional<String> said =
                    foreign.call(lease, LIMIT, verifier -> verifier.objection(source, offer, done, renditions));
            return said == null ? Optional.empty() : said;
        } catch (Unfit e) {
            return Optional.empty();
        }
    }
}
