package io.millrace.ops.page;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.Filter;
import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.value.ManifestId;
import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import io.millrace.ops.Samples;
import io.millrace.ops.eventlog.Warnings.Warning;
import io.millrace.ops.web.Right;
import io.millrace.testkit.SampleEvents.AttemptFailed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Shows the pages with made-up events, for looking at them: {@code PagePreview PORT DIRECTORY}. The
 * directory has {@code stream/demo.m3u8} and what belongs to it, as any HLS encoder writes it.
 */
public final class PagePreview {

    private static final int CORES = 2;

    private PagePreview() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        HttpServer media = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                0,
                "/",
                SimpleFileServer.createFileHandler(Path.of(arguments[1]).toAbsolutePath()),
                Filter.adaptRequest("pass", request -> request),
                Filter.beforeHandler("CORS", exchange -> {
                    exchange.getResponseHeaders().add("Access-Control-Allow-Origin", "*");
                    exchange.getResponseHeaders().add("Cache-Control", "no-cache");
                }));
        media.setExecutor(Executors.newFixedThreadPool(CORES));
        media.start();

        FakeNode node = new FakeNode();
        node.addresses.put("http", URI.create("http://127.0.0.1:" + media.getAddress().getPort()));
        node.addresses.put("rtmp", URI.create("rtmp://127.0.0.1:1935"));
        node.addresses.put("admin", URI.create("http://127.0.0.1:" + port));
        History history = new History(InstantSource.system());
        Instant begun = Instant.now();
        List<Warning> warnings = List.of(
                new Warning(begun, "stream demo: attempts at https://10.0.0.2:8935 fail (segment 9): OrchestratorBusy"),
                new Warning(begun.minusSeconds(40), "orchestrator https://10.0.0.2:8935 gets no work for a while: "
                        + "it answered nothing in 4 s"));
        try (AdminServer server = new AdminServer(
                port,
                Map.of(
                        "/*", new PageServlet(node),
                        "/api/*", new ApiServlet(node, new Right("none"), history, () -> warnings, InstantSource.system())))) {
            System.out.println(server.uri("/player/demo"));
            history.happened(Samples.started("<img src=x onerror=alert(1)> & \"so\""));
            history.happened(Samples.started("demo"));
            for (long sequence = 0; ; sequence++) {
                tell(history, sequence);
                node.streams = List.of(new StreamStatus(
                        new ManifestId("demo"), "rtmp", begun, Samples.LADDER, sequence + 1, sequence / 13, 1,
                        Optional.of(Samples.NEAR)));
                node.sessions = List.of(new SessionStatus("f3a8c1d9", begun, sequence + 1, 0));
                if (sequence > 30) {
                    TimeUnit.SECONDS.sleep(2);
                }
            }
        }
    }

    private static void tell(History history, long sequence) {
        URI by = sequence % 20 < 14 ? Samples.NEAR : Samples.FAR;
        history.happened(Samples.selected("demo", sequence, by, "It works at 2.44 x real time and keeps the stream."));
        if (sequence % 13 == 12) {
            history.happened(Samples.missing("demo", sequence, "dropped", "5 segments wait already"));
        } else if (sequence % 13 == 5) {
            history.happened(new AttemptFailed(new ManifestId("demo"), sequence, Samples.FAR, "OrchestratorBusy"));
            history.happened(Samples.settled("demo", sequence, "transcoded", "", Optional.of(by), 2));
        } else {
            history.happened(Samples.transcoded("demo", sequence, by));
        }
    }
}
