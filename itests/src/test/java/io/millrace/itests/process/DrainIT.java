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
