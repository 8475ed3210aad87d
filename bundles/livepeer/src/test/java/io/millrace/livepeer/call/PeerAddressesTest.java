package io.millrace.livepeer.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.network.AddressGuard;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.livepeer.serve.WireFixture;
import io.millrace.livepeer.support.Listener;
import io.millrace.livepeer.support.NoAccount;
import io.millrace.livepeer.support.OpenGuard;
import io.millrace.livepeer.support.WireServer;
import io.millrace.livepeer.wire.TranscodeResult;
import io.millrace.testkit.InMemoryBudget;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that name addresses at which the node must not call: here a port that stands for its own CLI API. */
class PeerAddressesTest {

    private static final OpenGuard GUARD = new OpenGuard();

    private static WireFixture wire;
    private static Mocking peer;
    private static WireServer mocking;
    private static LivepeerLinks links;

    private Listener own;

    @BeforeAll
    static void start(@TempDir Path directory, @TempDir Path other) throws Exception {
        wire = new WireFixture(directory);
        peer = new Mocking();
        mocking = new WireServer(other, Map.of("/*", peer));
        links = new LivepeerLinks(
                new NoAccount(), GUARD, InMemoryBudget.ample(), 4, Duration.ofMinutes(1));
    }

    @AfterAll
    static void stop() {
        links.close();
        mocking.close();
        wire.close();
    }

    @BeforeEach
    void listen() throws IOException {
        wire.orchestrator.reset();
        own = new Listener("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        GUARD.close(own.port());
    }

    @AfterEach
    void closeListener() throws IOException {
        own.close();
    }

    @Test
    void anOfferThatSendsSegmentsToTheNodeItselfIsAFaultOfThePeer() {
        wire.orchestrator.at(own.uri());
        Orchestrator remote = links.link(wire.server.uri(), Optional.of(wire.server.uri()));
        Fault fault = assertThrows(
                Fault.class, () -> remote.quote(JobSpec.anything(), Caller.ANONYMOUS, soon()));
        assertEquals(Fault.Consequence.SUSPEND_PEER, fault.consequence());
        assertTrue(own.heads.isEmpty());
    }

    @Test
    void aCapabilitysOfferThatSendsJobsToTheNodeItselfIsAFaultOfThePeer() {
        peer.answer = "{\"available_capacity\":1,\"service_addr\":\"" + own.uri() + "\"}";
        Orchestrator remote = links.link(mocking.uri(), Optional.of(mocking.uri()));
        JobSpec spec = JobSpec.needing(Capabilities.of(Capability.BYOC)
                .withModels(Map.of(
                        Capability.BYOC, Map.of("echo", new Capabilities.Model(false, 0, "", 0)))));
        Fault fault = assertThrows(Fault.class, () -> remote.quote(spec, Caller.ANONYMOUS, soon()));
        assertEquals(Fault.Consequence.SUSPEND_PEER, fault.consequence());
        assertTrue(own.heads.isEmpty());
    }

    @Test
    void neitherSegmentsNorJobsNorCallsGoToAnAddressOfTheNodeItself() {
        Orchestrator remote = links.link(own.uri(), Optional.of(wire.server.uri()));
        assertInstanceOf(Submission.NotSent.class, submit(remote, transcode()));
        assertInstanceOf(
                Submission.NotSent.class,
                submit(remote, Payload.Request.of(Capability.BYOC, "echo").contentType("text/plain").streaming(false).build()));
        assertThrows(Fault.class, () -> remote.quote(JobSpec.anything(), Caller.ANONYMOUS, soon()));
        assertTrue(own.heads.isEmpty());
    }

    @Test
    void aRenditionAtAnAddressOfTheNodeItselfIsNotFetched() {
        peer.result = result(own.uri() + "/setMaxSessions?maxSessions=1");
        Orchestrator remote = links.link(mocking.uri(), Optional.of(mocking.uri()));
        Accepted accepted = assertInstanceOf(Accepted.class, submit(remote, transcode()));
        Completion.Done done = assertInstanceOf(Completion.Done.class, accepted.await(soon()));
        Output rendition = done.outputs().getFirst();
        Fault fault = assertThrows(Fault.class, () -> rendition.fetch(soon()));
        assertTrue(fault.getMessage().contains("is not called"), fault.getMessage());
        assertTrue(own.heads.isEmpty());
    }

    @Test
    void aNameIsConnectedToAtTheAddressThatWasCheckedAndNowhereElse() throws Exception {
        // no resolver knows this name
        URI named = URI.create("https://orchestrator.invalid:4433");
        AddressGuard guard = (address, configured) -> new AddressGuard.Verdict.Allowed(
                new InetSocketAddress("127.0.0.1", wire.server.port()));
        try (var named2 = new AutoCloseableLinks(guard)) {
            wire.orchestrator.at(named);
            Orchestrator remote = named2.links.link(named, Optional.empty());
            Offer offer = assertInstanceOf(
                    Offer.class, remote.quote(JobSpec.anything(), Caller.ANONYMOUS, soon()));
            assertEquals(named, offer.endpoint());
            Accepted accepted = assertInstanceOf(Accepted.class, submit(remote, transcode()));
            Completion.Done done = assertInstanceOf(Completion.Done.class, accepted.await(soon()));
            assertEquals(Bytes.utf8("segment"), done.outputs().getFirst().fetch(soon()));
        }
    }

    private record AutoCloseableLinks(LivepeerLinks links) implements AutoCloseable {

        AutoCloseableLinks(AddressGuard guard) {
            this(new LivepeerLinks(new NoAccount(), guard, InMemoryBudget.ample(), 4, Duration.ofMinutes(1)));
        }

        @Override
        public void close() {
            links.close();
        }
    }

    private static Submission submit(Orchestrator remote, Payload payload) {
        Job job = new Job(JobSpec.anything(), payload, Body.of(Bytes.utf8("segment")));
        return remote.submit(Optional.empty(), job, Payment.NONE, soon());
    }

    private static Payload.Transcode transcode() {
        return new Payload.Transcode(
                new ManifestId("movie"),
                1,
                Duration.ofSeconds(2),
                List.of(VideoProfile.h264("240p", 426, 240, 600_000, 30)),
                Optional.empty(),
                false);
    }

    private static byte[] result(String url) {
        TranscodeResult.Builder result = TranscodeResult.newBuilder();
        result.getDataBuilder().addSegmentsBuilder().setUrl(url).setPixels(1);
        return result.build().toByteArray();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(60), Clock.systemUTC());
    }

    /** Answers segments and questions for offers with what a test put there. */
    private static final class Mocking extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private volatile String answer = "";
        private volatile byte[] result = {};

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getInputStream().readAllBytes();
            response.getOutputStream()
                    .write(request.getRequestURI().equals("/segment") ? result : Bytes.utf8(answer).toArray());
        }
    }
}
