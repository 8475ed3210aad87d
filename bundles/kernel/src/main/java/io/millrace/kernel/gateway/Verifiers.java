package io.millrace.kernel.gateway;

import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.payment.Wallet;
import io.millrace.api.publish.Verifier;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.CallFailed;
import io.millrace.kernel.payment.ResultDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Judges results before they are published and counted as good: the orchestrator's signature where it is paid, then
 * every verifier that is there. A verifier that fails is no reason to blame an orchestrator: it is passed over.
 */
final class Verifiers {

    /** How long a verdict may take. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final GatewayPorts ports;
    private final BooleanSupplier onChain;
    private final Foreign foreign;

    /** Verifiers of these; on-chain no wallet is asked that has no account, because it would believe everybody. */
    Verifiers(GatewayPorts ports, BooleanSupplier onChain) {
        this.ports = ports;
        this.onChain = onChain;
        foreign = new Foreign("verifier", ports.events());
    }

    /** The first objection; empty when the renditions are good. Waits for a verifier that is being replaced. */
    Optional<String> objection(Segment source, Offer offer, Completion.Done done, List<Rendition> renditions) {
        if (!isSigned(offer, done, renditions)) {
            return Optional.of("its signature over the renditions is wrong");
        }
        ports.verifiers().awaitSuccessor();
        List<Lease<Verifier>> leases = ports.verifiers().takeAll(verifier -> true);
        try {
            return leases.stream()
                    .map(lease -> said(lease, source, offer, done, renditions))
                    .flatMap(Optional::stream)
                    .findFirst();
        } finally {
            leases.forEach(Lease::close);
        }
    }

    /** Who is paid signs, as go-livepeer has it (verification/verify.go, verifySigs): an offer without terms is free. */
    private boolean isSigned(Offer offer, Completion.Done done, List<Rendition> renditions) {
        if (offer.ticketParams().isEmpty()) {
            return true;
        }
        Address signer = offer.address().equals(Address.NONE)
                ? offer.ticketParams().get().recipient()
                : offer.address();
        Bytes digest = ResultDigest.of(renditions.stream().map(Rendition::data).toList());
        try (Lease<Wallet> lease = ports.wallets().take(this::isTrusted, Deadline.in(LIMIT, ports.clock()))) {
            return lease.get().verify(signer, digest, done.signature());
        }
    }

    private boolean isTrusted(Wallet wallet) {
        return !onChain.getAsBoolean() || !wallet.address().equals(Address.NONE);
    }

    private Optional<String> said(
            Lease<Verifier> lease, Segment source, Offer offer, Completion.Done done, List<Rendition> renditions) {
        try {
            Optional<String> said =
                    foreign.call(lease, LIMIT, verifier -> verifier.objection(source, offer, done, renditions));
            return said == null ? Optional.empty() : said;
        } catch (CallFailed e) {
            return Optional.empty();
        }
    }
}
