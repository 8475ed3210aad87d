package io.millrace.livepeer.serve;

import io.millrace.api.payment.Redeemer;
import io.millrace.api.payment.Redeemer.Refused;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.TicketMapping;
import io.millrace.livepeer.wire.MaxFloatReq;
import io.millrace.livepeer.wire.MaxFloatUpdate;
import io.millrace.livepeer.wire.QueueTicketRes;
import io.millrace.livepeer.wire.Ticket;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The service {@code net.TicketRedeemer} (go-livepeer: server/redeemer.go). */
final class RedeemerMethods {

    /** A little less than go-livepeer's orchestrators wait (server/rpc.go, GRPCTimeout). */
    private static final Duration LIMIT = Duration.ofSeconds(7);

    private final Redeemer redeemer;
    private final MaxFloatStreams streams;
    private final InstantSource clock;

    RedeemerMethods(Redeemer redeemer, MaxFloatStreams streams, InstantSource clock) {
        this.redeemer = redeemer;
        this.streams = streams;
        this.clock = clock;
    }

    /** Those with one answer, by path. */
    Map<String, GrpcCall.Method> byPath() {
        return Map.of(
                "/net.TicketRedeemer/QueueTicket", message -> queue(GrpcCall.parse(Ticket.parser(), message)),
                "/net.TicketRedeemer/MaxFloat", message -> maxFloat(sender(message)));
    }

    private QueueTicketRes queue(Ticket ticket) throws GrpcFailure {
        Optional<Refused> no;
        try {
            no = redeemer.take(TicketMapping.fromWire(ticket), Deadline.in(LIMIT, clock));
        } catch (Malformed e) {
            throw new GrpcFailure(GrpcStatus.INVALID_ARGUMENT, e.getMessage());
        } catch (Fault e) {
            throw new GrpcFailure(GrpcStatus.INTERNAL, e.getMessage());
        }
        if (no.isPresent()) {
            throw new GrpcFailure(status(no.get().reason()), no.get().message());
        }
        return QueueTicketRes.getDefaultInstance();
    }

    private static int status(Redeemer.Reason reason) {
        return switch (reason) {
            case RECIPIENT -> GrpcStatus.PERMISSION_DENIED;
            case TICKET -> GrpcStatus.INVALID_ARGUMENT;
            case FULL -> GrpcStatus.RESOURCE_EXHAUSTED;
            case OTHER -> GrpcStatus.INTERNAL;
        };
    }

    private MaxFloatUpdate maxFloat(Address sender) throws GrpcFailure {
        try {
            return TicketMapping.toWire(redeemer.maxFloat(sender, Deadline.in(LIMIT, clock)));
        } catch (Fault e) {
            throw new GrpcFailure(GrpcStatus.INTERNAL, e.getMessage());
        }
    }

    private static Address sender(byte[] message) throws GrpcFailure {
        return TicketMapping.fromWire(GrpcCall.parse(MaxFloatReq.parser(), message));
    }

    /** A message each time that the max float of a sender may have changed, and none before. */
    GrpcCall.Answers monitor(byte[] message, HttpServletRequest request) throws GrpcFailure {
        Address sender = sender(message);
        return sink -> {
            try (MaxFloatStreams.Stream stream = streams.open(request);
                    var _ = redeemer.watch(sender, stream::changed)) {
                sink.open();
                while (stream.awaitChange()) {
                    Optional<MaxFloatUpdate> update = update(sender);
                    if (update.isPresent()) {
                        sink.send(update.get());
                    }
                }
            }
        };
    }

    /** What cannot be known now is not sent; the next change is. */
    private Optional<MaxFloatUpdate> update(Address sender) {
        try {
            return Optional.of(TicketMapping.toWire(redeemer.maxFloat(sender, Deadline.in(LIMIT, clock))));
        } catch (Fault e) {
            return Optional.empty();
        }
    }
}
