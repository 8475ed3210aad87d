package io.millrace.livepeer.call;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
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
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The calls to one orchestrator that go over gRPC: for an offer, and the end of a session. */
final class OfferCalls {

    private final Destination peer;
    private final Channels channels;
    private final InstantSource clock;

    OfferCalls(Destination peer, Channels channels, InstantSource clock) {
        this.peer = peer;
        this.channels = channels;
        this.clock = clock;
    }

    Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
        try {
            return OfferMapping.fromWire(
                    call(deadline, stub -> stub.getOrchestrator(CallerMapping.toWire(spec, caller))));
        } catch (Spoken e) {
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
        } catch (Spoken e) {
            return Optional.of(new Refusal(Refusal.Reason.TOKEN_INVALID, e.getMessage()));
        }
    }

    private <T> T call(Deadline deadline, Function<OrchestratorBlockingStub, T> method) throws Spoken {
        ManagedChannel channel = channel(deadline);
        try {
            return call(channel, deadline, method);
        } catch (StatusRuntimeException e) {
            // another call gave the channel up between our getting and our using it: nothing was sent
            if (e.getStatus().getCode() == Status.Code.UNAVAILABLE && channel.isShutdown()) {
                return again(deadline, method);
            }
            throw failed(channel, e);
        }
    }

    private ManagedChannel channel(Deadline deadline) {
        try {
            return channels.to(peer, deadline);
        } catch (IOException e) {
            throw new Fault(
                    Fault.Consequence.RETRY_ELSEWHERE, peer + " could not be asked: " + e.getMessage(), e);
        }
    }

    private <T> T again(Deadline deadline, Function<OrchestratorBlockingStub, T> method) throws Spoken {
        ManagedChannel channel = channel(deadline);
        try {
            return call(channel, deadline, method);
        } catch (StatusRuntimeException e) {
            throw failed(channel, e);
        }
    }

    private <T> T call(ManagedChannel channel, Deadline deadline, Function<OrchestratorBlockingStub, T> method) {
        return method.apply(OrchestratorGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.remaining(clock).toMillis(), TimeUnit.MILLISECONDS));
    }

    private Fault failed(ManagedChannel channel, StatusRuntimeException e) throws Spoken {
        Status status = e.getStatus();
        String text = status.getDescription() == null ? "" : status.getDescription();
        switch (status.getCode()) {
            case UNKNOWN -> throw new Spoken(text);
            case UNIMPLEMENTED -> {
                return new Fault(Fault.Consequence.SUSPEND_PEER, peer + " is no orchestrator: " + text, e);
            }
            case DEADLINE_EXCEEDED -> {
                channels.discard(peer, channel);
                return new Fault(
                        Fault.Consequence.RETRY_ELSEWHERE, peer + " could not be asked: no answer in time", e);
            }
            default -> {
                channels.discard(peer, channel);
                return new Fault(
                        Fault.Consequence.RETRY_ELSEWHERE,
                        peer + " could not be asked: "
                                + ErrorTexts.connection(e).orElse(status.getCode() + " " + text),
                        e);
            }
        }
    }

    /** The orchestrator said no, in its own words. */
    private static final class Spoken extends Exception {

        private static final long serialVersionUID = 1L;

        Spoken(String text) {
            super(text, null, false, false);
        }
    }
}
