package io.millrace.livepeer.serve;

import com.google.protobuf.ByteString;
import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.livepeer.mapping.CallerMapping;
import io.millrace.livepeer.mapping.CapabilitiesMapping;
import io.millrace.livepeer.mapping.ChecksumAddress;
import io.millrace.livepeer.mapping.OfferMapping;
import io.millrace.livepeer.mapping.TokenMapping;
import io.millrace.livepeer.wire.EndTranscodingSessionRequest;
import io.millrace.livepeer.wire.EndTranscodingSessionResponse;
import io.millrace.livepeer.wire.OrchestratorInfo;
import io.millrace.livepeer.wire.OrchestratorRequest;
import io.millrace.livepeer.wire.PingPong;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The service {@code net.Orchestrator}. Refusals are errors of unknown kind with a text, as peers expect. */
final class OrchestratorMethods {

    private static final Duration LIMIT = Duration.ofSeconds(8);

    private final Orchestrator orchestrator;
    private final Wallet wallet;
    private final InstantSource clock;

    OrchestratorMethods(Orchestrator orchestrator, Wallet wallet, InstantSource clock) {
        this.orchestrator = orchestrator;
        this.wallet = wallet;
        this.clock = clock;
    }

    /** By path. */
    Map<String, GrpcCall.Method> byPath() {
        return Map.of(
                "/net.Orchestrator/GetOrchestrator",
                request -> offer(GrpcCall.parse(OrchestratorRequest.parser(), request)),
                "/net.Orchestrator/EndTranscodingSession",
                request -> end(GrpcCall.parse(EndTranscodingSessionRequest.parser(), request)),
                "/net.Orchestrator/Ping",
                request -> ping(GrpcCall.parse(PingPong.parser(), request)));
    }

    private OrchestratorInfo offer(OrchestratorRequest request) throws GrpcFailure {
        Caller caller = CallerMapping.fromWire(request);
        Quote quote;
        if (!wallet.verify(caller.address(), ChecksumAddress.digest(caller.address()), caller.signature())) {
            quote = new Refusal(Refusal.Reason.SIGNATURE, "the request is not signed by the account it names");
        } else {
            quote = quote(CallerMapping.spec(request), caller);
        }
        return switch (quote) {
            case Offer offer -> OfferMapping.toWire(offer);
            case Refusal refusal -> throw new GrpcFailure(GrpcStatus.UNKNOWN, Refusals.ofQuote(refusal));
        };
    }

    private Quote quote(JobSpec spec, Caller caller) throws GrpcFailure {
        try {
            return orchestrator.quote(spec, caller, Deadline.in(LIMIT, clock));
        } catch (Fault e) {
            throw new GrpcFailure(GrpcStatus.UNKNOWN, e.getMessage());
        }
    }

    private EndTranscodingSessionResponse end(EndTranscodingSessionRequest request) throws GrpcFailure {
        boolean ended = request.hasAuthToken()
                && orchestrator
                        .end(TokenMapping.fromWire(request.getAuthToken()), Deadline.in(LIMIT, clock))
                        .isEmpty();
        if (!ended) {
            throw new GrpcFailure(GrpcStatus.UNKNOWN, "Invalid auth token");
        }
        return EndTranscodingSessionResponse.getDefaultInstance();
    }

    private PingPong ping(PingPong request) {
        Bytes signature = wallet.sign(Keccak256.of(request.getValue().toByteArray()));
        return PingPong.newBuilder()
                .setValue(ByteString.copyFrom(signature.unsafeArray()))
                .build();
    }
}
