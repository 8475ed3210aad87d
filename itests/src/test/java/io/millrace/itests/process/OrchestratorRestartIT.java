package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lindstrom.m3u8.model.MediaPlaylist;
import io.lindstrom.m3u8.model.MediaSegment;
import io.millrace.testkit.SampleSegments;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose only orchestrator is not there yet, comes, is restarted and finishes before it goes. */
@Tag("ffmpeg")
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OrchestratorRestartIT {

    private static final int RENDITIONS = 3;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static String service;
    private static NodeProcess gateway;
    private static NodeProcess orchestrator;

    @BeforeAll
    static void startGatewayAlone() {
        service = "127.0.0.1:" + Distribution.freePort();
        gateway = NodeProcess.run(
                        Distribution.GPL,
                        folder.resolve("gateway"),
                        "gateway",
                        NodePair.PROFILES,
                        "io.millrace.kernel.gateway.orchestrators=https://" + service,
                        "io.millrace.kernel.gateway.graceSeconds=1",
                        "io.millrace.media.hls.window=100",
                        "io.millrace.media.hls.retentionSeconds=600")
                .awaitOpen("http", "rtmp", "admin");
    }

    @AfterAll
    static void stopNodes() {
        if (gateway != null) {
            gateway.close();
        }
        if (orchestrator != null) {
            orchestrator.close();
        }
    }

    private static NodeProcess startOrchestrator() {
        return NodeProcess.run(
                Distribution.GPL,
                folder.resolve("orchestrator"),
                "orchestrator",
                "io.millrace.http~service.address=" + service);
    }

    @Test
    @Order(1)
    void withoutAnOrchestratorAPushIsAnsweredSo() {
        Pusher pusher = new Pusher(gateway.address("http"));
        HttpResponse<byte[]> answer = pusher.send(pusher.request("nobody/0.ts", SampleSegments.data(0).toArray()));
        assertEquals(503, answer.statusCode());
        assertEquals("No sessions available", new String(answer.body(), StandardCharsets.UTF_8).strip());
    }

    @Test
    @Order(2)
    void theSourcePlaysOnAloneUntilAnOrchestratorAppearsAndThroughItsRestart() throws IOException {
        Process publisher = Ffmpeg.publish(Ffmpeg.clip(folder, 90), gateway.address("rtmp") + "/stubborn");
        Viewer viewer = new Viewer(gateway.address("http"), "stubborn");
        viewer.awaitSegments(2);
        assertEquals(1, viewer.master().orElseThrow().variants().size());

        orchestrator = startOrchestrator();
        viewer.awaitRenditions(RENDITIONS);
        byte[] secret = Files.readAllBytes(folder.resolve("orchestrator/orchestrator/auth-secret"));
        byte[] certificate = Files.readAllBytes(folder.resolve("orchestrator/tls/certificate.pem"));
        long last = newest(viewer.source().orElseThrow());

        orchestrator.close();
        orchestrator = startOrchestrator().awaitReady();
        long first = newest(viewer.source().orElseThrow()) + 1;
        assertArrayEquals(secret, Files.readAllBytes(folder.resolve("orchestrator/orchestrator/auth-secret")));
        assertArrayEquals(certificate, Files.readAllBytes(folder.resolve("orchestrator/tls/certificate.pem")));

        Await.that("renditions again", () -> viewer.playlists().values().stream()
                .allMatch(playlist -> newest(playlist) > first
                        && !playlist.mediaSegments().getLast().gap()));
        publisher.destroy();
        viewer.awaitEnd();
        Map<String, MediaPlaylist> playlists = viewer.playlists();
        MediaPlaylist source = playlists.remove("source");
        assertEquals(RENDITIONS - 1, playlists.size());
        assertEquals(List.of(), gaps(source));
        Map<Long, Ffmpeg.Decoded> sources = viewer.decodeAll(source);
        playlists.forEach((rendition, playlist) -> {
            assertEquals(newest(source), newest(playlist), rendition);
            // It takes the gateway a second to see that its orchestrator is back.
            assertTrue(
                    gaps(playlist).stream().allMatch(number -> number >= last && number <= first + 1),
                    () -> rendition + " lacks " + gaps(playlist) + "; away after " + last + " until " + first);
            viewer.decodeAll(playlist).forEach((number, segment) -> {
                long frames = sources.get(number).frames();
                // The publisher broke off between pictures: a constant rate fills the holes that left.
                boolean brokenOff = number == newest(source) && segment.frames() > frames;
                assertTrue(brokenOff || segment.frames() == frames, () -> rendition + " " + number + ": "
                        + segment.frames() + " frames of " + frames);
            });
        });
    }

    private static long newest(MediaPlaylist playlist) {
        return playlist.mediaSequence() + playlist.mediaSegments().size() - 1;
    }

    /** Numbers of the segments that a rendition lacks. */
    private static List<Long> gaps(MediaPlaylist playlist) {
        List<MediaSegment> segments = playlist.mediaSegments();
        return IntStream.range(0, segments.size())
                .filter(index -> segments.get(index).gap())
                .mapToObj(index -> playlist.mediaSequence() + index)
                .toList();
    }
}
