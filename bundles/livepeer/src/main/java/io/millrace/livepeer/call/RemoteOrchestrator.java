package io.millrace.livepeer.call;

import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.livepeer.byoc.ProcessCalls;
import io.millrace.livepeer.mapping.ChecksumAddress;
import io.millrace.livepeer.web.CheckedAddresses;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.RefusedAddressException;
import io.millrace.livepeer.web.WebClient;
import java.io.IOException;
import java.util.Optional;

/** A remote node as an orchestrator. Holds no state of its own. Thread-safe. */
final class RemoteOrchestrator implements Orchestrator {

    private final Destination peer;
    private final CheckedAddresses addresses;
    private final OfferCalls offers;
    private final SegmentCalls segments;
    private final ProcessCalls process;
    private final AiCalls ai;
    private final Wallet wallet;

    RemoteOrchestrator(
            Destination peer,
            CheckedAddresses addresses,
            OfferCalls offers,
            SegmentCalls segments,
            ProcessCalls process,
            AiCalls ai,
            Wallet wallet) {
        this.peer = peer;
        this.addresses = addresses;
        this.offers = offers;
        this.segments = segments;
        this.process = process;
        this.ai = ai;
        this.wallet = wallet;
    }

    @Override
    public Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
        Quote quote = ProcessCalls.capability(spec)
                .map(capability -> process.quote(capability, deadline))
                .orElseGet(() -> offers.quote(spec, signed(caller), deadline));
        if (quote instanceof Offer offer) {
            check(offer, deadline);
        }
        return quote;
    }

    /** Jobs would go to the address in the offer: it is judged before the offer is compared with others. */
    private void check(Offer offer, Deadline deadline) {
        try {
            addresses.check(peer.at(offer.endpoint()), deadline);
        } catch (RefusedAddressException e) {
            throw new Fault(Fault.Consequence.SUSPEND_PEER, peer + " named an address for jobs: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Fault(
                    Fault.Consequence.RETRY_ELSEWHERE, peer + " named an address for jobs: " + e.getMessage(), e);
        }
    }

    @Override
    public Submission submit(Optional<AuthToken> token, Job job, Payment payment, Deadline deadline) {
        if (job.payload() instanceof Payload.Request request
                && request.capability() != Capability.BYOC
                && Capability.pipeline(request.capability()).isEmpty()) {
            return new Refusal(
                    Refusal.Reason.INCOMPATIBLE,
                    "capability " + request.capability() + " does not go to remote orchestrators");
        }
        return switch (job.body().read(WebClient.MAX_OBJECT)) {
            case Body.Read.Rejected rejected -> rejected.refusal();
            case Body.Read.Received received -> switch (job.payload()) {
                case Payload.Transcode transcode ->
                    segments.submit(token, job.spec(), transcode, received.bytes(), payment, deadline);
                case Payload.Request request when request.capability() == Capability.BYOC ->
                    process.submit(request, received.bytes(), deadline);
                case Payload.Request request ->
                    ai.submit(token, job.spec(), request, received.bytes(), payment, deadline);
            };
        };
    }

    @Override
    public LiveOpening open(Optional<AuthToken> token, LiveSpec spec, Payment payment, Deadline deadline) {
        return new Refusal(Refusal.Reason.INCOMPATIBLE, "live sessions do not go to remote orchestrators");
    }

    @Override
    public LiveOpening attach(Optional<AuthToken> token, ManifestId manifest, Deadline deadline) {
        return new Refusal(Refusal.Reason.INCOMPATIBLE, "live sessions do not go to remote orchestrators");
    }

    @Override
    public Quote credit(Optional<AuthToken> token, BalanceId balance, Payment payment, Deadline deadline) {
        return segments.credit(token, balance, payment, deadline);
    }

    @Override
    public Optional<Refusal> end(AuthToken token, Deadline deadline) {
        return ProcessCalls.isOurs(token) ? Optional.empty() : offers.end(token, deadline);
    }

    @Override
    public String toString() {
        return peer.toString();
    }

    private Caller signed(Caller caller) {
        if (!caller.signature().isEmpty() || caller.address().equals(Address.NONE)) {
            return caller;
        }
        Bytes signature = wallet.sign(ChecksumAddress.digest(caller.address()));
        return new Caller(caller.address(), signature, caller.balance());
    }
}
