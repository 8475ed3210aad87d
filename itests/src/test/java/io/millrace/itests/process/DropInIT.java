package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.testkit.SampleSegments;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A gateway and an orchestrator by go-livepeer's own command line. */
@Tag("ffmpeg")
class DropInIT {

    private static final String LADDER =
            """
            [{"name": "low", "width": 320, "height": 180, "bitrate": 300000, "fps": 0, "gop": "2.0",
              "profile": "H264ConstrainedHigh"}]
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static NodeProcess orchestrator;
    private static NodeProcess gateway;
    private static String service;
    private static String http;
    private static String rtmp;
    private static String gatewayCli;
    private static String orchestratorCli;

    @BeforeAll
    static void startNodes() throws IOException {
        service = address();
        http = address();
        rtmp = address();
        gatewayCli = address();
        orchestratorCli = address();
        Path ladder = Files.writeString(folder.resolve("ladder.json"), LADDER);
        orchestrator = NodeProcess.livepeer(
                folder.resolve("orchestrator"),
                "-orchestrator", "-transcoder", "-network", "offchain", "-maxSessions=4",
                "-serviceAddr", service, "-cliAddr", orchestratorCli, "-v", "6");
        orchestrator.awaitReady();
        gateway = NodeProcess.livepeer(
                folder.resolve("gateway"),
                "--gateway", "-orchAddr", service, "-httpAddr", http, "-rtmpAddr", rtmp, "-cliAddr=" + gatewayCli,
                "-transcodingOptions", ladder.toString(), "-monitor", "-httpIngest=true", "-maxAttempts", "2");
        gateway.awaitReady();
    }

    private static String address() {
        return "127.0.0.1:" + Distribution.freePort();
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

    @Test
    void theNodesListenWhereTheFlagsSay() {
        assertEquals(URI.create("http://" + http), gateway.address("http"));
        assertEquals(URI.create("rtmp://" + rtmp), gateway.address("rtmp"));
        assertEquals(URI.create("http://" + gatewayCli), gateway.address("admin"));
        assertEquals(URI.create("https://" + service), orchestrator.address("service"));
        assertEquals(URI.create("http://" + orchestratorCli), orchestrator.address("admin"));
    }

    @Test
    void aStreamIsTranscodedIntoTheProfilesOfTheFile() {
        assertEquals(0, Ffmpeg.await(Ffmpeg.publish(Ffmpeg.clip(folder, 4), "rtmp://" + rtmp + "/dropin")));
        Viewer viewer = new Viewer(gateway.address("http"), "dropin");
        viewer.awaitEnd();
        viewer.playlists().forEach((rendition, playlist) -> {
            assertTrue(List.of("source", "low").contains(rendition), rendition);
            assertEquals(
                    4 * Ffmpeg.FRAMES_A_SECOND,
                    viewer.decodeAll(playlist).values().stream()
                            .mapToInt(Ffmpeg.Decoded::frames)
                            .sum(),
                    rendition);
        });
    }

    @Test
    void anUndisturbedStreamLeavesNoWarningInEitherLog() {
        assertEquals(0, Ffmpeg.await(Ffmpeg.publish(Ffmpeg.clip(folder, 4), "rtmp://" + rtmp + "/calm")));
        new Viewer(gateway.address("http"), "calm").awaitEnd();
        assertEquals(List.of(), gateway.warnings());
        assertEquals(List.of(), orchestrator.warnings());
    }

    @Test
    void aPushedSegmentComesBackInTheProfilesOfTheFile() {
        Pusher pusher = new Pusher(gateway.address("http"));
        List<Pusher.Part> parts = Pusher.parts(
                pusher.send(pusher.request("pushed/0.ts", SampleSegments.data(0).toArray())));
        assertEquals(List.of("low"), parts.stream().map(Pusher.Part::rendition).toList());
        assertEquals(60, Ffmpeg.decode(parts.getFirst().data()).frames());
    }

    @Test
    void metricsAreAtTheCliAddress() {
        HttpResponse<byte[]> metrics = new Web().get(URI.create("http://" + gatewayCli + "/metrics"));
        assertEquals(200, metrics.statusCode());
        assertTrue(new String(metrics.body(), StandardCharsets.UTF_8).contains("# TYPE livepeer_"));
    }
}
