package io.millrace.livepeer.serve;

import io.millrace.api.payment.Identity;
import io.millrace.livepeer.support.OffchainIdentity;
import io.millrace.livepeer.support.ScriptedOrchestrator;
import io.millrace.livepeer.support.WireServer;
import io.millrace.livepeer.web.AnyCertificate;
import io.millrace.livepeer.web.WebClient;
import io.millrace.testkit.InMemoryObjectStore;
import jakarta.servlet.Servlet;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** The orchestrator's side of the wire on a real port, in front of an orchestrator that is scripted. */
public final class WireFixture implements AutoCloseable {

    /** Behind the servlets. */
    public final InMemoryObjectStore store = new InMemoryObjectStore();
    /** Behind the servlets. */
    public final ScriptedOrchestrator orchestrator = new ScriptedOrchestrator(store);
    /** In front of them. */
    public final WireServer server;

    private final WebClient web = new WebClient(Clock.systemUTC());

    /** Off-chain. */
    public WireFixture(Path directory) throws Exception {
        this(directory, new OffchainIdentity());
    }

    /** Where requests are signed. */
    public WireFixture(Path directory, Identity identity) throws Exception {
        Map<String, Servlet> servlets = Map.of(
                "/net.Orchestrator/*", new OrchestratorServlet(orchestrator, identity),
                "/segment", new SegmentServlet(orchestrator, identity, Optional.of(web), Clock.systemUTC()),
                "/payment", new PaymentServlet(orchestrator, identity),
                "/stream/*", new StreamServlet(store),
                "/healthz", new HealthServlet(),
                "/*", new ElsewhereServlet());
        server = new WireServer(directory, servlets);
        orchestrator.at(server.uri());
    }

    /** A client that speaks HTTP/2 where it can. */
    public static HttpClient client() {
        return HttpClient.newBuilder().sslContext(AnyCertificate.context()).build();
    }

    @Override
    public void close() {
        orchestrator.release();
        web.close();
        server.close();
    }
}
