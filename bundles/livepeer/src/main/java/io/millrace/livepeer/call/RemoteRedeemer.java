package io.millrace.livepeer.call;

import io.grpc.Status;
import io.millrace.api.payment.Redeemer;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.TicketMapping;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.wire.MaxFloatUpdate;
import io.millrace.livepeer.wire.TicketRedeemerGrpc;
import io.millrace.livepeer.wire.TicketRedeemerGrpc.TicketRedeemerBlockingStub;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A remote node as a redeemer. Holds no state of its own. Thread-safe. */
final class RemoteRedeemer implements Redeemer {

    /** How go-livepeer's redeemer refuses a ticket that it has (common/db.go, StoreWinningTicket). */
    private static final String HAS_IT = "UNIQUE constraint failed";

    private static final Set<Status.Code> SPOKEN = Set.of(
            Status.Code.PERMISSION_DENIED,
            Status.Code.INVALID_ARGUMENT,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.FAILED_PRECONDITION,
            Status.Code.INTERNAL,
            Status.Code.UNKNOWN);

    private final GrpcPeer peer;

    RemoteRedeemer(Destination peer, Channels channels, InstantSource clock) {
        this.peer = new GrpcPeer(peer, "redeemer", SPOKEN, channels, clock);
    }

    @Override
    public Optional<Refused> take(WinningTicket ticket, Deadline deadline) {
        try {
            call(deadline, stub -> stub.queueTicket(TicketMapping.toWire(ticket)));
            return Optional.empty();
        } catch (GrpcPeer.Spoken e) {
            return e.getMessage().contains(HAS_IT)
                    ? Optional.empty()
                    : Optional.of(new Refused(reason(e.code()), e.getMessage()));
        }
    }

    private static Reason reason(Status.Code code) {
        return switch (code) {
            case PERMISSION_DENIED -> Reason.RECIPIENT;
            case INVALID_ARGUMENT -> Reason.TICKET;
            case RESOURCE_EXHAUSTED -> Reason.FULL;
            default -> Reason.OTHER;
        };
    }

    @Override
    public BigInteger maxFloat(Address sender, Deadline deadline) {
        try {
            MaxFloatUpdate answer = call(deadline, stub -> stub.maxFloat(TicketMapping.toWire(sender)));
            return TicketMapping.fromWire(answer);
        } catch (GrpcPeer.Spoken e) {
            throw new Fault(
                    Fault.Consequence.RETRY_HERE, peer + " does not know what a sender can pay: " + e.getMessage(), e);
        } catch (Malformed e) {
            throw new Fault(Fault.Consequence.SUSPEND_PEER, peer + " answered what is no max float: " + e.getMessage(), e);
        }
    }

    private <T> T call(Deadline deadline, Function<TicketRedeemerBlockingStub, T> method) throws GrpcPeer.Spoken {
        return peer.call(deadline, TicketRedeemerGrpc::newBlockingStub, method);
    }

    @Override
    public String toString() {
        return peer.toString();
    }
}
