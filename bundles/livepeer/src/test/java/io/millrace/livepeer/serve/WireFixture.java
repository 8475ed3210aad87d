package io.millrace.livepeer.serve;

import io.millrace.api.payment.Wallet;
import io.millrace.livepeer.support.NoAccount;
import io.millrace.livepeer.support.OpenGuard;
import io.millrace.livepeer.support.ScriptedOrchestrator;
import io.millrace.livepeer.support.WireServer;
import io.millrace.livepeer.web.TrustAnyCertificate;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.InMemoryObjectStore;
import jakarta.servlet.Servlet;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** The orchestrator's side of the wire on a real port, in front of an orchestrator that is scripted. */
public final class WireFixture implements AutoCloseable {

    /** Behind the servlets. */
    public final InMemoryObjectStore store = new InMemoryObjectStore();
    /** Behind the servlets. */
    public final ScriptedOrchestrator orchestrator = new ScriptedOrchestrator(store);
    /** In front of them. */
    public final WireServer server;

    /** What bodies are charged to. */
    public final InMemoryBudget heap = InMemoryBudget.ample();
    /** Who judges the addresses of segments. */
    public final OpenGuard guard = new OpenGuard();

    private final SegmentServlet segments;

    /** Off-chain. */
    public WireFixture(Path directory) throws Exception {
        this(directory, new NoAccount());
    }

    /** Where requests are signed. */
    public WireFixture(Path directory, Wallet wallet) throws Exception {
        segments = new SegmentServlet(true, orchestrator, wallet, guard, heap, Clock.systemUTC());
        Map<String, Servlet> servlets = Map.of(
                "/net.Orchestrator/*", new OrchestratorServlet(orchestrator, wallet, heap),
                "/segment", segments,
                "/payment", new PaymentServlet(orchestrator, wallet),
                "/stream/*", new StreamServlet(store),
                "/healthz", new HealthServlet(),
                "/*", new UnknownPathServlet(heap));
        server = new WireServer(directory, servlets);
        orchestrator.at(server.uri());
    }

    /** A client that speaks HTTP/2 where it can. */
    public static HttpClient client() {
        return HttpClient.newBuilder().sslContext(TrustAnyCertificate.context()).build();
    }

    @Override
    public void close() {
        orchestrator.release();
        segments.close();
        server.close();
    }
}
