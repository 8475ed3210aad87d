package io.millrace.livepeer.call;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.web.Destination;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Another node as it is called over gRPC. Thread-safe. */
final class GrpcPeer {

    private final Destination peer;
    private final String what;
    private final Set<Status.Code> spoken;
    private final Channels channels;
    private final InstantSource clock;

    /**
     * A node.
     *
     * @param what it should be, such as {@code orchestrator}
     * @param spoken the statuses by which such a node itself says no
     */
    GrpcPeer(Destination peer, String what, Set<Status.Code> spoken, Channels channels, InstantSource clock) {
        this.peer = peer;
        this.what = what;
        this.spoken = spoken;
        this.channels = channels;
        this.clock = clock;
    }

    /** The node said no, in its own words. */
    static final class Spoken extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Status.Code code;

        private Spoken(Status.Code code, String text) {
            super(text, null, false, false);
            this.code = code;
        }

        Status.Code code() {
            return code;
        }
    }

    /**
     * Calls a method.
     *
     * @throws Fault when the node cannot be asked, or is no such node
     */
    <S extends AbstractStub<S>, T> T call(Deadline deadline, Function<Channel, S> stub, Function<S, T> method)
            throws Spoken {
        ManagedChannel channel = channel(deadline);
        try {
            return call(channel, deadline, stub, method);
        } catch (StatusRuntimeException e) {
            // another call gave the channel up between our getting and our using it: nothing was sent
            if (e.getStatus().getCode() == Status.Code.UNAVAILABLE && channel.isShutdown()) {
                return again(deadline, stub, method);
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

    private <S extends AbstractStub<S>, T> T again(Deadline deadline, Function<Channel, S> stub, Function<S, T> method)
            throws Spoken {
        ManagedChannel channel = channel(deadline);
        try {
            return call(channel, deadline, stub, method);
        } catch (StatusRuntimeException e) {
            throw failed(channel, e);
        }
    }

    private <S extends AbstractStub<S>, T> T call(
            Channel channel, Deadline deadline, Function<Channel, S> stub, Function<S, T> method) {
        return method.apply(stub.apply(channel)
                .withDeadlineAfter(deadline.remaining(clock).toMillis(), TimeUnit.MILLISECONDS));
    }

    private Fault failed(ManagedChannel channel, StatusRuntimeException e) throws Spoken {
        Status status = e.getStatus();
        String text = status.getDescription() == null ? "" : status.getDescription();
        if (spoken.contains(status.getCode())) {
            throw new Spoken(status.getCode(), text);
        }
        switch (status.getCode()) {
            case UNIMPLEMENTED -> {
                return new Fault(Fault.Consequence.SUSPEND_PEER, peer + " is no " + what + ": " + text, e);
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

    @Override
    public String toString() {
        return peer.toString();
    }
}
