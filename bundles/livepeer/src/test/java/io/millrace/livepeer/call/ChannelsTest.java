package io.millrace.livepeer.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.serve.WireFixture;
import io.millrace.livepeer.support.NoAccount;
import io.millrace.livepeer.support.OpenGuard;
import io.millrace.livepeer.support.ScriptedOrchestrator;
import io.millrace.livepeer.web.CheckedAddresses;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.RefusedAddressException;
import io.millrace.testkit.InMemoryBudget;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelsTest {

    private static final CheckedAddresses ADDRESSES = new CheckedAddresses(new OpenGuard(), Clock.systemUTC());

    @Test
    void anAddressKeepsItsChannelAndTheOldestMakesRoom() throws Exception {
        try (Channels channels = new Channels(ADDRESSES, 2, Duration.ofMinutes(1))) {
            ManagedChannel first = channels.to(at("https://127.0.0.1:11"), soon());
            assertSame(first, channels.to(at("https://127.0.0.1:11/path"), soon()));
            ManagedChannel second = channels.to(at("https://127.0.0.1:12"), soon());
            assertSame(first, channels.to(at("https://127.0.0.1:11"), soon()));
            channels.to(at("http://127.0.0.1:11"), soon());
            assertTrue(second.isShutdown());
            assertFalse(first.isShutdown());
        }
    }

    @Test
    void aChannelThatFailedIsReplaced() throws Exception {
        try (Channels channels = new Channels(ADDRESSES, 2, Duration.ofMinutes(1))) {
            Destination address = at("https://127.0.0.1:11");
            ManagedChannel failed = channels.to(address, soon());
            channels.discard(address, failed);
            assertTrue(failed.isShutdown());
            assertNotSame(failed, channels.to(address, soon()));
        }
    }

    @Test
    void anOrchestratorThatIsNotThereRefusesTheConnectionInOneSentence() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        URI address = URI.create("https://127.0.0.1:" + port);
        try (TestLinks links = new TestLinks(new NoAccount())) {
            Deadline soon = Deadline.in(Duration.ofSeconds(60), Clock.systemUTC());
            Fault fault = assertThrows(Fault.class, () -> links.link(address, Optional.of(address))
                    .quote(JobSpec.anything(), Caller.ANONYMOUS, soon));
            assertEquals(address + " could not be asked: connection refused", fault.getMessage());
        }
    }

    @Test
    void noThreadOutlivesTheLinks(@TempDir Path directory) throws Exception {
        try (WireFixture wire = new WireFixture(directory)) {
            Set<Thread> before = threads();
            LivepeerLinks links = new LivepeerLinks(new NoAccount(), new OpenGuard(), InMemoryBudget.ample(), 4, Duration.ofMinutes(1));
            Deadline soon = Deadline.in(Duration.ofSeconds(60), Clock.systemUTC());
            var remote = links.link(wire.server.uri(), Optional.of(wire.server.uri()));
            assertTrue(remote.quote(JobSpec.anything(), Caller.ANONYMOUS, soon) instanceof Offer);
            remote.credit(Optional.of(ScriptedOrchestrator.TOKEN), new BalanceId("live-1"), Payment.NONE, soon);
            links.close();
            Set<Thread> left = threads();
            left.removeAll(before);
            left.removeIf(thread -> thread.getName().matches("(qtp|Scheduler-).*")); // the server's
            for (Thread thread : left) {
                thread.join(Duration.ofSeconds(30));
            }
            left.removeIf(thread -> !thread.isAlive());
            assertEquals(Set.of(), left);
            assertThrows(
                    RuntimeException.class,
                    () -> remote.quote(JobSpec.anything(), Caller.ANONYMOUS, soon));
        }
    }

    @Test
    void aChannelThatOnePeerMayUseIsNotThereForAnother() throws Exception {
        CheckedAddresses guarded = new CheckedAddresses(new OpenGuard().close(11), Clock.systemUTC());
        try (Channels channels = new Channels(guarded, 2, Duration.ofMinutes(1))) {
            URI closed = URI.create("https://127.0.0.1:11");
            channels.to(new Destination(closed, Optional.of(closed)), soon());
            assertThrows(
                    RefusedAddressException.class,
                    () -> channels.to(new Destination(closed, Optional.empty()), soon()));
        }
    }

    private static Destination at(String address) {
        return new Destination(URI.create(address), Optional.empty());
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(60), Clock.systemUTC());
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }
}
