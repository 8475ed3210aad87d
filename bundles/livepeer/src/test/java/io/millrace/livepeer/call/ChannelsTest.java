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
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.serve.WireFixture;
import io.millrace.livepeer.support.OffchainIdentity;
import io.millrace.livepeer.support.ScriptedOrchestrator;
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

    @Test
    void anAddressKeepsItsChannelAndTheOldestMakesRoom() {
        try (Channels channels = new Channels(2, Duration.ofMinutes(1))) {
            ManagedChannel first = channels.to(URI.create("https://127.0.0.1:11"));
            assertSame(first, channels.to(URI.create("https://127.0.0.1:11/path")));
            ManagedChannel second = channels.to(URI.create("https://127.0.0.1:12"));
            assertSame(first, channels.to(URI.create("https://127.0.0.1:11")));
            channels.to(URI.create("http://127.0.0.1:11"));
            assertTrue(second.isShutdown());
            assertFalse(first.isShutdown());
        }
    }

    @Test
    void aChannelThatFailedIsReplaced() {
        try (Channels channels = new Channels(2, Duration.ofMinutes(1))) {
            URI address = URI.create("https://127.0.0.1:11");
            ManagedChannel failed = channels.to(address);
            channels.discard(address, failed);
            assertTrue(failed.isShutdown());
            assertNotSame(failed, channels.to(address));
        }
    }

    @Test
    void noThreadOutlivesTheLinks(@TempDir Path directory) throws Exception {
        try (WireFixture wire = new WireFixture(directory)) {
            Set<Thread> before = threads();
            LivepeerLinks links = new LivepeerLinks(new OffchainIdentity(), 4, Duration.ofMinutes(1));
            Deadline soon = Deadline.in(Duration.ofSeconds(60), Clock.systemUTC());
            var remote = links.link(wire.server.uri(), Optional.of(wire.server.uri()));
            assertTrue(remote.quote(new JobSpec(Optional.empty()), Caller.ANONYMOUS, soon) instanceof Offer);
            remote.credit(Optional.of(ScriptedOrchestrator.TOKEN), Payment.NONE, soon);
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
                    () -> remote.quote(new JobSpec(Optional.empty()), Caller.ANONYMOUS, soon));
        }
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }
}
