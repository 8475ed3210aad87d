package io.millrace.itests.framework;

import static io.millrace.itests.framework.LiveNode.accepts;
import static io.millrace.itests.framework.LiveNode.context;
import static io.millrace.itests.framework.LiveNode.control;
import static io.millrace.itests.framework.LiveNode.endpoint;
import static io.millrace.itests.framework.LiveNode.set;
import static io.millrace.itests.framework.LiveNode.with;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.node.NodeControl;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;

/** Settings change while ten streams run over the real wire: no segment is lost, and what is set holds. */
@Tag("long")
@ExtendWith(InFramework.class)
public class LiveSettingsIT {

    private static final int STREAMS = 10;
    private static final int ROUNDS = 3;

    /** Segments between two changes: as many as streams, so that each stream is met. */
    private static final int BETWEEN = STREAMS;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration CODEC_PACE = Duration.ofSeconds(2);
    private static final String SHORTCUT = "org.example.shortcut";

    private static final String GATEWAY = "io.millrace.kernel.gateway";
    private static final String ORCHESTRATOR = "io.millrace.kernel.orchestrator";
    private static final String LADDER = "io.millrace.media";
    private static final String CODEC = "io.millrace.ffmpeg";

    @Configuration
    public Option[] node() throws IOException {
        String service = "127.0.0.1:" + Node.freePort();
        return Node.changeable(
                "combined",
                "io.millrace.kernel.gateway.orchestrators=https://" + service,
                "io.millrace.kernel.gateway.maxSessions=50",
                "io.millrace.kernel.orchestrator.maxSessions=50",
                "io.millrace.http~service.address=" + service,
                "io.millrace.http~http.address=127.0.0.1:" + Node.freePort(),
                "io.millrace.http~admin.address=127.0.0.1:0",
                "io.millrace.media.profiles=P144p30fps16x9,P240p30fps16x9",
                "io.millrace.media.rtmp.address=127.0.0.1:0",
                "io.millrace.media.push.maxStreamsPerAddress=0",
                "io.millrace.ffmpeg.preset=ultrafast");
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    @Test
    public void profilesLimitsPricesAndOrchestratorListsChange() throws Exception {
        String known = "https://127.0.0.1:" + endpoint("service").getPort();
        withShortcut(() -> {
            try (SwapLoad load = new SwapLoad(endpoint("http"), "lists", STREAMS, 2, SECOND)) {
                load.awaitMore(2 * BETWEEN);
                for (int i = 0; i < ROUNDS; i++) {
                    set(LADDER, Map.of("profiles", "P144p30fps16x9"));
                    load.awaitMore(BETWEEN);
                    assertNewStream("one-" + i, 1);

                    set(GATEWAY, Map.of("orchestrators", "loopback:", "maxSessions", 30, "queueSegments", 4));
                    load.awaitMore(BETWEEN);
                    set(GATEWAY, Map.of("orchestrators", known + ",https://127.0.0.1:1", "maxSessions", 50));
                    load.awaitMore(BETWEEN);

                    set(ORCHESTRATOR, Map.of("maxSessions", 40 + i, "queue", 3));
                    int most = 40 + i;
                    Wait.until("maxSessions holds", () -> control(NodeControl::maxSessions) == most);
                    set(ORCHESTRATOR, Map.of("pricePerUnit", Integer.toString(1200 + i), "pixelsPerUnit", 7L));
                    set("io.millrace.media.push", Map.of("answerSeconds", 60 + i, "maxStreamsPerAddress", 100 + i));
                    set("io.millrace.media.hls", Map.of("window", 5 + i, "retentionSeconds", 30));
                    set("io.millrace.media.rtmp", Map.of("maxPublishers", 5 + i));
                    load.awaitMore(BETWEEN);
                    set("io.millrace.livepeer", Map.of("maxPeers", 10 + i, "segmentsByAddress", i % 2 == 0));
                    load.awaitMore(BETWEEN);
                    for (String server : List.of("service", "http")) {
                        set("io.millrace.http~" + server, Map.of("maxCalls", 500 + i, "parkSeconds", 9));
                    }
                    load.awaitMore(BETWEEN);

                    set(LADDER, Map.of("profiles", "P144p30fps16x9,P240p30fps16x9"));
                    load.awaitMore(BETWEEN);
                    assertNewStream("two-" + i, 2);
                }
                load.end();
                assertEquals(List.of(), load.failures(), "segments that failed");
                System.out.println("settings: " + load.times());
            }
        });
    }

    @Test
    public void aFullOrchestratorTakesNoMoreAndKeepsWhatItHas() throws Exception {
        withShortcut(() -> {
            try (SwapLoad load = new SwapLoad(endpoint("http"), "full", STREAMS, 2, SECOND)) {
                load.awaitMore(2 * BETWEEN);
                set(ORCHESTRATOR, Map.of("maxSessions", 1));
                Wait.until("maxSessions holds", () -> control(NodeControl::maxSessions) == 1);
                load.awaitMore(2 * BETWEEN);
                int sessions = control(node -> node.sessions().size());
                assertEquals(STREAMS, sessions);
                set(ORCHESTRATOR, Map.of("maxSessions", 50));
                assertNewStream("room", 2);
                load.end();
                assertEquals(List.of(), load.failures(), "segments that failed");
            }
        });
    }

    @Test
    public void theChoiceOfCodecChanges() throws Exception {
        try (SwapLoad load = new SwapLoad(endpoint("http"), "codec", STREAMS, 2, CODEC_PACE)) {
            load.awaitMore(2 * BETWEEN);
            for (int i = 0; i < ROUNDS; i++) {
                set(CODEC, Map.of("preset", "superfast", "concurrency", 2));
                load.awaitMore(BETWEEN);
                set(CODEC, Map.of("encoder", "openh264"));
                Wait.until("OpenH264 is chosen", () -> detail(CODEC).contains("openh264"));
                load.awaitMore(BETWEEN);
                set(CODEC, Map.of("encoder", "auto", "preset", "ultrafast", "concurrency", 3));
                Wait.until("x264 is chosen", () -> detail(CODEC).contains("x264"));
                load.awaitMore(BETWEEN);
            }
            load.end();
            assertEquals(List.of(), load.failures(), "segments that failed");
            System.out.println("codec: " + load.times());
        }
    }

    @Test
    public void portsMoveAndTheOldOnesCloseWhenTheirSessionsAreOver() throws Exception {
        withShortcut(() -> {
            URI first = endpoint("http");
            try (SwapLoad load = new SwapLoad(first, "ports", STREAMS, 2, SECOND)) {
                load.awaitMore(2 * BETWEEN);
                for (int i = 0; i < ROUNDS; i++) {
                    URI old = endpoint("service");
                    int port = Node.freePort();
                    set("io.millrace.http~service", Map.of("address", "127.0.0.1:" + port, "handoverSeconds", 1));
                    Wait.until("the new port is told", () -> endpoint("service").getPort() == port);
                    set(GATEWAY, Map.of("orchestrators", "https://127.0.0.1:" + port));
                    load.awaitMore(2 * BETWEEN);
                    assertNewStream("moved-" + i, 2);
                    Wait.until("the old port is closed to newcomers", () -> !accepts(old));
                    load.awaitMore(BETWEEN);
                }
                int port = Node.freePort();
                set("io.millrace.http~http", Map.of("address", "127.0.0.1:" + port, "handoverSeconds", 1));
                Wait.until("the new port is told", () -> endpoint("http").getPort() == port);
                assertNewStream("there", 2);
                Wait.until("the old port is closed to newcomers", () -> !accepts(first));
                load.awaitMore(2 * BETWEEN);
                load.end();
                assertEquals(List.of(), load.failures(), "segments that failed");
            }
        });
    }

    /** Where the codec is not the point, segments are answered as they came: two processors are enough then. */
    private static void withShortcut(Step step) throws Exception {
        Bundle bundle = context()
                .installBundle("test:" + SHORTCUT, ThirdParty.bundle(SHORTCUT, "1", PassThroughPipeline.class, Pipeline.class, 9));
        bundle.start();
        Bundle codec = ReplacedBundle.named(context(), CODEC);
        codec.stop(Bundle.STOP_TRANSIENT);
        Wait.until(SHORTCUT + " offers its pipeline", () -> bundle.getRegisteredServices() != null);
        try {
            step.run();
        } finally {
            codec.start();
            bundle.uninstall();
            control(node -> {
                node.streams().forEach(stream -> node.endStream(stream.manifest()));
                Wait.until("all sessions ended", () -> node.sessions().isEmpty());
                return null;
            });
        }
    }

    private static void assertNewStream(String name, int renditions) {
        try (SwapLoad load = new SwapLoad(endpoint("http"), name, 1, renditions, SECOND)) {
            load.awaitMore(1);
            load.end();
            assertEquals(List.of(), load.failures(), "a stream that began after the change");
        }
    }

    private static String detail(String bundle) {
        return with(Pipeline.class, "(service.bundleid=" + ReplacedBundle.named(context(), bundle).getBundleId() + ")",
                Pipeline::detail);
    }
}
