package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lindstrom.m3u8.model.MediaPlaylist;
import io.millrace.testkit.SampleSegments;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are told to stop (SIGTERM) while they work. */
@Tag("ffmpeg")
@Tag("long")
class DrainIT {

    /** 128 + 15: how a Java process that was told to stop reports that it did. */
    private static final int STOPPED = 143;

    /** A large picture at twice the rate takes the better part of a second. */
    private static final String LARGE =
            """
            {"profiles": [{"name": "large", "width": 1280, "height": 720, "bitrate": 4000000, "fps": 60}]}\
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void bothNodesFinishTheSegmentInWorkBeforeTheyGo() throws InterruptedException, ExecutionException {
        try (NodePair nodes = NodePair.start(folder)) {
            Pusher pusher = new Pusher(nodes.http());
            try (ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<HttpResponse<byte[]>> answer = sender.submit(() -> pusher.send(
                        pusher.request("last/0.ts", SampleSegments.data(0).toArray())
                                .header("Livepeer-Transcode-Configuration", LARGE)));
                Await.that("a segment in work", () -> isAtWork(nodes.orchestrator(), "last"));
                nodes.gateway().terminate();
                nodes.orchestrator().terminate();
                List<Pusher.Part> parts = Pusher.parts(answer.get());
                assertEquals(1, parts.size());
                assertEquals(120, Ffmpeg.decode(parts.getFirst().data()).frames());
            }
            assertEquals(STOPPED, nodes.gateway().awaitEnd());
            assertEquals(STOPPED, nodes.orchestrator().awaitEnd());
            assertFalse(nodes.gateway().log().contains(" ERROR "), () -> nodes.gateway().log());
            assertFalse(nodes.orchestrator().log().contains(" ERROR "), () -> nodes.orchestrator().log());
        }
    }

    /** Whether an orchestrator has a session of this stream. */
    private static boolean isAtWork(NodeProcess orchestrator, String stream) {
        HttpResponse<byte[]> answer = new Web().get(orchestrator.address("admin").resolve("/api/streams"));
        try (JsonReader reader = new JsonProviderImpl().createReader(new ByteArrayInputStream(answer.body()))) {
            return reader.readObject().getJsonArray("sessions").getValuesAs(JsonObject.class).stream()
                    .anyMatch(session -> session.getString("manifest").equals(stream));
        }
    }

    @Test
    void aDrainedGatewayTakesNothingNewAndStopsWhenItsStreamHasEnded() {
        try (NodePair nodes = NodePair.start(folder)) {
            NodeProcess gateway = nodes.gateway();
            Pusher pusher = new Pusher(nodes.http());
            assertEquals(2, Pusher.parts(push(pusher, "goes-on", 0)).size());
            Finished drain = gateway.command("drain", "--limit", "600");
            assertEquals(0, drain.exitCode(), drain.said());
            Await.that("draining", () -> gateway.status().orElseThrow().getBoolean("draining"));
            assertEquals(503, push(pusher, "new", 0).statusCode());
            assertEquals(503, new Web().get(gateway.address("admin").resolve("/health")).statusCode());
            assertEquals(2, Pusher.parts(push(pusher, "goes-on", 1)).size());
            Finished end = gateway.command("streams", "end", "goes-on");
            assertEquals(0, end.exitCode(), end.said());
            assertEquals(0, gateway.awaitEnd());
            assertFalse(gateway.log().contains(" ERROR "), gateway::log);
        }
    }

    @Test
    void aDrainedOrchestratorSendsItsStreamElsewhereAndNoSegmentIsLost() throws Exception {
        try (NodeProcess one = NodeProcess.run(Distribution.GPL, folder.resolve("one"), "orchestrator");
                NodeProcess two = NodeProcess.run(Distribution.GPL, folder.resolve("two"), "orchestrator")) {
            one.awaitReady();
            two.awaitReady();
            try (NodeProcess gateway = NodeProcess.run(
                    Distribution.GPL,
                    folder.resolve("gateway"),
                    "gateway",
                    NodePair.PROFILES,
                    "io.millrace.kernel.gateway.orchestrators=" + one.address("service") + "," + two.address("service"))) {
                gateway.awaitReady();
                Await.that("an orchestrator answers", () ->
                        gateway.status().orElseThrow().getJsonArray("cautions").isEmpty());
                Pusher pusher = new Pusher(gateway.address("http"));
                assertEquals(2, Pusher.parts(push(pusher, "moves", 0)).size());
                NodeProcess left = isAtWork(one, "moves") ? one : two;
                try (ExecutorService operator = Executors.newVirtualThreadPerTaskExecutor()) {
                    Future<Finished> drain = operator.submit(() -> left.command("drain", "--limit", "0", "--wait"));
                    int sequence = 1;
                    while (left.isAlive() || sequence < 4) {
                        assertEquals(2, Pusher.parts(push(pusher, "moves", sequence)).size(), "segment " + sequence);
                        sequence++;
                    }
                    assertEquals(0, drain.get().exitCode(), drain.get().said());
                }
                assertEquals(0, left.awaitEnd());
                assertTrue(isAtWork(left == one ? two : one, "moves"));
            }
        }
    }

    private static HttpResponse<byte[]> push(Pusher pusher, String stream, int sequence) {
        byte[] segment = SampleSegments.data(sequence % SampleSegments.COUNT).toArray();
        return pusher.send(pusher.request(stream + "/" + sequence + ".ts", segment));
    }

    @Test
    void aGatewayClosesThePlaylistsOfRunningStreamsBeforeItGoes() {
        try (NodePair nodes = NodePair.start(folder)) {
            Process publisher = Ffmpeg.publish(Ffmpeg.clip(folder, 30), nodes.rtmp("cut"));
            try {
                Viewer viewer = new Viewer(nodes.http(), "cut");
                viewer.awaitRenditions(3);
                NodeProcess gateway = nodes.gateway();
                gateway.terminate();
                Optional<MediaPlaylist> last = Optional.empty();
                while (gateway.isAlive()) {
                    try {
                        Optional<MediaPlaylist> now = viewer.source();
                        last = now.isPresent() ? now : last;
                    } catch (UncheckedIOException e) {
                        // The port is closed.
                    }
                }
                assertEquals(STOPPED, gateway.awaitEnd());
                assertTrue(last.filter(playlist -> !playlist.ongoing()).isPresent(), gateway::log);
                assertFalse(gateway.log().contains(" ERROR "), gateway::log);
            } finally {
                publisher.destroy();
            }
        }
    }
}
