package io.millrace.livepeer.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Redeemer;
import io.millrace.api.payment.Redeemer.Reason;
import io.millrace.api.payment.Redeemer.Refused;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.livepeer.mapping.TicketMapping;
import io.millrace.livepeer.serve.RedeemerServlet;
import io.millrace.livepeer.support.NoAccount;
import io.millrace.livepeer.support.OpenGuard;
import io.millrace.livepeer.support.ScriptedRedeemer;
import io.millrace.livepeer.support.WireServer;
import io.millrace.livepeer.web.CheckedAddresses;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.wire.MaxFloatReq;
import io.millrace.livepeer.wire.MaxFloatUpdate;
import io.millrace.livepeer.wire.QueueTicketRes;
import io.millrace.livepeer.wire.TicketRedeemerGrpc;
import io.millrace.testkit.InMemoryBudget;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orchestrator and redeemer over a real port: ours with ours, ours with gRPC's own server, gRPC's own client with ours. */
class RedeemerWireTest {

    private static final long PATIENCE_SECONDS = 60;
    private static final Address SENDER = address(1);
    private static final Bytes RAND = Bytes.hex("00".repeat(3) + "ab".repeat(29));

    private final ScriptedRedeemer redeemer = new ScriptedRedeemer();
    private final RedeemerServlet servlet = new RedeemerServlet(redeemer, InMemoryBudget.ample());
    private final TestLinks links = new TestLinks(new NoAccount());
    private final Channels channels =
            new Channels(new CheckedAddresses(new OpenGuard(), Clock.systemUTC()), 4, Duration.ofMinutes(1));
    private WireServer server;
    private Redeemer remote;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        server = new WireServer(directory, Map.of("/net.TicketRedeemer/*", servlet));
        remote = links.redeemer(server.uri());
    }

    @AfterEach
    void stop() {
        servlet.close();
        channels.close();
        links.close();
        server.close();
    }

    @Test
    void aTicketArrivesAsItWasHandedOverButForTheSeed() {
        assertEquals(Optional.empty(), remote.take(ticket(BigInteger.TEN), soon()));
        assertEquals(List.of(ticket(BigInteger.ZERO)), redeemer.taken);
    }

    @Test
    void aRefusalHasItsStatusAndComesBackAsItIs() throws Exception {
        Map<Reason, Status.Code> codes = Map.of(
                Reason.RECIPIENT, Status.Code.PERMISSION_DENIED,
                Reason.TICKET, Status.Code.INVALID_ARGUMENT,
                Reason.FULL, Status.Code.RESOURCE_EXHAUSTED,
                Reason.OTHER, Status.Code.INTERNAL);
        for (Map.Entry<Reason, Status.Code> code : codes.entrySet()) {
            Refused refused = new Refused(code.getKey(), "no, 100% no: " + code.getKey());
            redeemer.answer = ticket -> Optional.of(refused);
            assertEquals(Optional.of(refused), remote.take(ticket(BigInteger.ZERO), soon()));
            assertStatus(code.getValue(), refused.message(), TicketMapping.toWire(ticket(BigInteger.ZERO)));
        }
    }

    @Test
    void aRedeemerThatCannotSayAnswersInternal() throws Exception {
        redeemer.answer = ticket -> {
            throw new Fault(Fault.Consequence.RETRY_HERE, "the ledger is away");
        };
        assertStatus(Status.Code.INTERNAL, "the ledger is away", TicketMapping.toWire(ticket(BigInteger.ZERO)));
        assertEquals(
                Optional.of(new Refused(Reason.OTHER, "the ledger is away")), remote.take(ticket(BigInteger.ZERO), soon()));
    }

    @Test
    void aTicketWithAPartMissingOrANumberTooLargeIsRefused() throws Exception {
        io.millrace.livepeer.wire.Ticket good = TicketMapping.toWire(ticket(BigInteger.ZERO));
        assertStatus(Status.Code.INVALID_ARGUMENT, "missing ticket params", good.toBuilder().clearTicketParams().build());
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "missing ticket expiration params",
                good.toBuilder().clearExpirationParams().build());
        assertStatus(
                Status.Code.INVALID_ARGUMENT, "missing ticket sender params", good.toBuilder().clearSenderParams().build());
        ByteString huge = ByteString.copyFrom(new byte[1 << 20]);
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                "invalid recipientRand: more than 256 bits",
                good.toBuilder().setRecipientRand(huge).build());
        io.millrace.livepeer.wire.Ticket tooLarge =
                good.toBuilder().setRecipientRand(ByteString.copyFrom(new byte[5 << 20])).build();
        assertStatus(
                Status.Code.RESOURCE_EXHAUSTED,
                "grpc: received message larger than max (" + tooLarge.getSerializedSize() + " vs. 4194304)",
                tooLarge);
        assertEquals(List.of(), redeemer.taken);
    }

    @Test
    void aMaxFloatArrivesAndOneBelowZeroIsZero() {
        redeemer.maxFloat = BigInteger.TEN.pow(20);
        assertEquals(BigInteger.TEN.pow(20), remote.maxFloat(SENDER, soon()));
        redeemer.maxFloat = BigInteger.TEN.negate();
        assertEquals(BigInteger.ZERO, remote.maxFloat(SENDER, soon()));
    }

    @Test
    void whoMonitorsASenderHearsOfEachChangeAndOfNothingBefore() throws Exception {
        redeemer.maxFloat = BigInteger.ONE;
        Monitor monitor = monitor(SENDER);
        redeemer.change(address(2), BigInteger.TWO);
        redeemer.change(SENDER, BigInteger.TEN);
        assertEquals(BigInteger.TEN, monitor.next());
        redeemer.change(SENDER, BigInteger.ZERO);
        assertEquals(BigInteger.ZERO, monitor.next());
        monitor.cancel();
        server.whenDeparted.poll(PATIENCE_SECONDS, TimeUnit.SECONDS).run();
        awaitWatches(0);
    }

    @Test
    void aRedeemerThatLeavesEndsItsStreams() throws Exception {
        Monitor monitor = monitor(SENDER);
        servlet.close();
        assertEquals(Status.Code.OK, monitor.end().getCode());
        awaitWatches(0);
        assertEquals(Status.Code.OK, monitor(SENDER).end().getCode());
    }

    @Test
    void ofTooManyStreamsTheOldestEndsAndTicketsAreStillTaken() throws Exception {
        List<Monitor> monitors = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            monitors.add(monitor(address(i)));
        }
        Monitor last = monitor(SENDER);
        Status end = monitors.getFirst().end();
        assertEquals(Status.Code.CANCELLED, end.getCode());
        assertEquals("subscription closed", end.getDescription());
        awaitWatches(64);
        redeemer.change(SENDER, BigInteger.TWO);
        assertEquals(BigInteger.TWO, last.next());
        assertEquals(Optional.empty(), remote.take(ticket(BigInteger.ZERO), soon()));
    }

    @Test
    void anUnknownMethodIsNamed() throws Exception {
        StatusRuntimeException unknown = assertThrows(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        channel(),
                        TicketRedeemerGrpc.getMaxFloatMethod().toBuilder()
                                .setFullMethodName("net.TicketRedeemer/Other")
                                .build(),
                        CallOptions.DEFAULT,
                        MaxFloatReq.getDefaultInstance()));
        assertEquals(Status.Code.UNIMPLEMENTED, unknown.getStatus().getCode());
        assertEquals("unknown method Other for service net.TicketRedeemer", unknown.getStatus().getDescription());
    }

    @Test
    void theNetworksOwnRedeemerIsUnderstood() throws Exception {
        Peer peer = new Peer();
        Server other = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)).addService(peer).build().start();
        URI address = URI.create("http://127.0.0.1:" + other.getPort());
        try {
            Redeemer there = links.redeemer(address);
            assertEquals(Optional.empty(), there.take(ticket(BigInteger.ONE), soon()));
            io.millrace.livepeer.wire.Ticket seen = peer.tickets.poll();
            assertTrue(seen.getTicketParams().getSeed().isEmpty());
            // without leading zeros, as Go writes numbers
            assertEquals(29, seen.getRecipientRand().size());
            peer.answer = Status.INTERNAL.withDescription("failed inserting winning ticket. sender=0x: UNIQUE constraint"
                    + " failed: ticketQueue.sig");
            assertEquals(Optional.empty(), there.take(ticket(BigInteger.ONE), soon()));
            peer.answer = Status.PERMISSION_DENIED.withDescription("invalid ticket recipient 0x, expected 0x");
            assertEquals(
                    Optional.of(new Refused(Reason.RECIPIENT, "invalid ticket recipient 0x, expected 0x")),
                    there.take(ticket(BigInteger.ONE), soon()));
            assertEquals(BigInteger.valueOf(258), there.maxFloat(SENDER, soon()));
        } finally {
            other.shutdownNow();
            assertTrue(other.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        Redeemer gone = links.redeemer(address);
        Fault fault = assertThrows(Fault.class, () -> gone.take(ticket(BigInteger.ONE), soon()));
        assertTrue(fault.getMessage().endsWith("could not be asked: connection refused"), fault.getMessage());
    }

    @Test
    void aNodeThatIsNoRedeemerIsNamedAsThat() throws Exception {
        Server other = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)).build().start();
        try {
            Redeemer there = links.redeemer(URI.create("http://127.0.0.1:" + other.getPort()));
            Fault fault = assertThrows(Fault.class, () -> there.maxFloat(SENDER, soon()));
            assertTrue(fault.getMessage().contains("is no redeemer"), fault.getMessage());
        } finally {
            other.shutdownNow();
            assertTrue(other.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    /** A redeemer of another make. */
    private static final class Peer extends TicketRedeemerGrpc.TicketRedeemerImplBase {

        private final LinkedBlockingQueue<io.millrace.livepeer.wire.Ticket> tickets = new LinkedBlockingQueue<>();
        private volatile Status answer = Status.OK;

        @Override
        public void queueTicket(io.millrace.livepeer.wire.Ticket request, StreamObserver<QueueTicketRes> out) {
            tickets.add(request);
            if (answer.isOk()) {
                out.onNext(QueueTicketRes.getDefaultInstance());
                out.onCompleted();
            } else {
                out.onError(answer.asRuntimeException());
            }
        }

        @Override
        public void maxFloat(MaxFloatReq request, StreamObserver<MaxFloatUpdate> out) {
            out.onNext(MaxFloatUpdate.newBuilder()
                    .setMaxFloat(ByteString.copyFrom(new byte[] {1, 2}))
                    .build());
            out.onCompleted();
        }
    }

    /** A stream of gRPC's own client. */
    private static final class Monitor implements ClientResponseObserver<MaxFloatReq, MaxFloatUpdate> {

        private final LinkedBlockingQueue<BigInteger> values = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<Status> ends = new LinkedBlockingQueue<>();
        private volatile ClientCallStreamObserver<MaxFloatReq> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<MaxFloatReq> stream) {
            call = stream;
        }

        @Override
        public void onNext(MaxFloatUpdate update) {
            values.add(new BigInteger(1, update.getMaxFloat().toByteArray()));
        }

        @Override
        public void onError(Throwable failure) {
            ends.add(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            ends.add(Status.OK);
        }

        private BigInteger next() throws InterruptedException {
            return values.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        private Status end() throws InterruptedException {
            return ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        private void cancel() {
            call.cancel("enough", null);
        }
    }

    /** Of a redeemer that is there, it is open when this returns. */
    private Monitor monitor(Address sender) throws Exception {
        int before = redeemer.watches();
        Monitor monitor = new Monitor();
        TicketRedeemerGrpc.newStub(channel()).monitorMaxFloat(TicketMapping.toWire(sender), monitor);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (redeemer.watches() <= before && monitor.ends.isEmpty() && before < 64) {
            assertTrue(System.nanoTime() < until, "the stream is not open");
            Thread.onSpinWait();
        }
        return monitor;
    }

    private void awaitWatches(int count) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (redeemer.watches() != count) {
            assertTrue(System.nanoTime() < until, redeemer.watches() + " streams are open");
            Thread.onSpinWait();
        }
    }

    private void assertStatus(Status.Code code, String message, io.millrace.livepeer.wire.Ticket ticket) throws Exception {
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class,
                () -> TicketRedeemerGrpc.newBlockingStub(channel()).queueTicket(ticket));
        assertEquals(code, refused.getStatus().getCode());
        assertEquals(message, refused.getStatus().getDescription());
    }

    private ManagedChannel channel() throws Exception {
        return channels.to(new Destination(server.uri(), Optional.empty()), soon());
    }

    private static WinningTicket ticket(BigInteger seed) {
        TicketParams params = new TicketParams(
                address(9),
                BigInteger.valueOf(4000),
                Ticket.MAX_WIN_PROBABILITY,
                Keccak256.of(RAND),
                seed,
                BigInteger.valueOf(140),
                7,
                Keccak256.of(Bytes.utf8("block")));
        return new WinningTicket(new Ticket(SENDER, params, 4294967295L), Bytes.hex("cd".repeat(65)), RAND);
    }

    private static Address address(int last) {
        byte[] bytes = new byte[Address.LENGTH];
        bytes[Address.LENGTH - 1] = (byte) last;
        return new Address(Bytes.wrap(bytes));
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(PATIENCE_SECONDS), Clock.systemUTC());
    }
}
