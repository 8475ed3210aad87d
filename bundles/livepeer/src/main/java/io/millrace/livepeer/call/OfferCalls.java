package io.millrace.livepeer.call;

import io.grpc.Status;
import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.mapping.CallerMapping;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.OfferMapping;
import io.millrace.livepeer.mapping.TokenMapping;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.wire.EndTranscodingSessionRequest;
import io.millrace.livepeer.wire.OrchestratorGrpc;
import io.millrace.livepeer.wire.OrchestratorGrpc.OrchestratorBlockingStub;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The calls to one orchestrator that go over gRPC: for an offer, and the end of a session. */
final class OfferCalls {

    private final GrpcPeer peer;

    OfferCalls(Destination peer, Channels channels, InstantSource clock) {
        this.peer = new GrpcPeer(peer, "orchestrator", Set.of(Status.Code.UNKNOWN), channels, clock);
    }

    Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
        try {
            return OfferMapping.fromWire(
                    call(deadline, stub -> stub.getOrchestrator(CallerMapping.toWire(spec, caller))));
        } catch (GrpcPeer.Spoken e) {
            return ErrorTexts.quoteRefusal(e.getMessage());
        } catch (Malformed e) {
            throw new Fault(
                    Fault.Consequence.SUSPEND_PEER, peer + " answered what is no offer: " + e.getMessage(), e);
        }
    }

    Optional<Refusal> end(AuthToken token, Deadline deadline) {
        EndTranscodingSessionRequest request = EndTranscodingSessionRequest.newBuilder()
                .setAuthToken(TokenMapping.toWire(token))
                .build();
        try {
            call(deadline, stub -> stub.endTranscodingSession(request));
            return Optional.empty();
        } catch (GrpcPeer.Spoken e) {
            return Optional.of(new Refusal(Refusal.Reason.TOKEN_INVALID, e.getMessage()));
        }
    }

    private <T> T call(Deadline deadline, Function<OrchestratorBlockingStub, T> method) throws GrpcPeer.Spoken {
        return peer.call(deadline, OrchestratorGrpc::newBlockingStub, method);
    }
}
