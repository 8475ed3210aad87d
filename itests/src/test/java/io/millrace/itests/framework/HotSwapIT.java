package io.millrace.itests.framework;

import static io.millrace.itests.framework.LiveNode.context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.node.NodeControl;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * Bundles are replaced ten times each while twenty streams run over the real wire, with the real codec:
 * no segment fails, and nothing of the old ones is left.
 */
@Tag("long")
@ExtendWith(InFramework.class)
public class HotSwapIT {

    private static final int STREAMS = 20;
    private static final int SWAPS = 10;
    private static final int RENDITIONS = 2;

    /** Segments between two swaps: as many as streams, so that each stream is met. */
    private static final int BETWEEN = STREAMS;

    /** The allocator and the compiler keep some of what they got; ten copies of a bundle that leaks are more. */
    private static final long ALLOWED_MEGABYTES = 96;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String SHORTCUT = "org.example.shortcut";
    private static final String PORT = "millrace.itests.http";

    @Configuration
    public Option[] node() throws IOException {
        String service = "127.0.0.1:" + Node.freePort();
        int http = Node.freePort();
        System.setProperty(PORT, String.valueOf(http));
        return Node.options(
                "combined",
                "io.millrace.kernel.gateway.orchestrators=https://" + service,
                "io.millrace.kernel.gateway.maxSessions=100",
                "io.millrace.kernel.orchestrator.maxSessions=100",
                "io.millrace.http~service.address=" + service,
                "io.millrace.http~http.address=127.0.0.1:" + http,
                "io.millrace.http~admin.address=127.0.0.1:0",
                "io.millrace.media.profiles=P144p30fps16x9,P240p30fps16x9",
                "io.millrace.media.rtmp.address=127.0.0.1:0",
                "io.millrace.media.push.maxStreamsPerAddress=0",
                "io.millrace.ffmpeg.preset=ultrafast",
                "io.millrace.ffmpeg.quietSeconds=1");
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    private static URI http() {
        return URI.create("http://127.0.0.1:" + System.getProperty(PORT));
    }

    @Test
    public void theCodecIsReplaced() throws Exception {
        ReplacedBundle codec = new ReplacedBundle(context(), "io.millrace.ffmpeg");
        swap("codec", codec, codec::update, Duration.ofSeconds(3));
    }

    @Test
    public void theProtocolBundleIsReplaced() throws Exception {
        ReplacedBundle protocol = new ReplacedBundle(context(), "io.millrace.livepeer");
        withShortcut(() -> swap("protocol", protocol, protocol::update, SECOND));
    }

    @Test
    public void theMediaBundleIsReplaced() throws Exception {
        ReplacedBundle media = new ReplacedBundle(context(), "io.millrace.media");
        withShortcut(() -> swap("media", media, media::update, SECOND));
    }

    @Test
    public void aThirdPartysBundleIsReplaced() throws Exception {
        withShortcut(() -> {
            ReplacedBundle third = new ReplacedBundle(context(), SHORTCUT);
            int[] version = {0};
            swap("third", third, () -> third.update(thirdParty(++version[0])), SECOND);
        });
    }

    /** Where the codec is not the point, segments are answered as they came: two processors are enough then. */
    private static void withShortcut(Step step) throws Exception {
        Set<String> pipelines = ConcurrentHashMap.newKeySet();
        ServiceRegistration<NodeEvents> listening = context().registerService(
                NodeEvents.class,
                event -> {
                    if (event instanceof NodeEvent.JobServed job && !job.pipeline().isEmpty()) {
                        pipelines.add(job.pipeline());
                    }
                },
                null);
        Bundle bundle = context().installBundle("test:" + SHORTCUT, thirdParty(0));
        bundle.start();
        Bundle codec = ReplacedBundle.named(context(), "io.millrace.ffmpeg");
        codec.stop(Bundle.STOP_TRANSIENT);
        Wait.until(SHORTCUT + " offers its pipeline", () -> bundle.getRegisteredServices() != null);
        try {
            step.run();
            assertEquals(Set.of("shortcut"), pipelines, "pipelines that worked");
        } finally {
            codec.start();
            listening.unregister();
            bundle.uninstall();
        }
    }

    private static InputStream thirdParty(int version) throws IOException {
        return ThirdParty.bundle(SHORTCUT, "1.0." + version, PassThroughPipeline.class, Pipeline.class, 100);
    }

    private static void swap(String what, ReplacedBundle swapped, Step update, Duration pace) throws Exception {
        // what is loaded and opened once is there before the first look
        try (SwapLoad load = new SwapLoad(http(), what + "-warm", STREAMS, RENDITIONS, pace)) {
            load.awaitMore(BETWEEN);
            update.run();
            load.awaitMore(BETWEEN);
        }
        endStreams();
        swapped.countFromHere();
        Footprint before = Footprint.now();

        SwapLoad load = new SwapLoad(http(), what, STREAMS, RENDITIONS, pace);
        String calm;
        String busy;
        try (load;
                HlsWatch watch = new HlsWatch(http(), what + "-0")) {
            load.awaitMore(3 * BETWEEN);
            calm = load.times();
            load.resetTimes();
            for (int i = 0; i < SWAPS; i++) {
                update.run();
                load.awaitMore(BETWEEN);
            }
            busy = load.times();
            watch.end();
            assertEquals(List.of(), watch.complaints(), "what a viewer saw");
        }
        assertEquals(List.of(), load.failures(), "segments that failed");
        endStreams();
        // what the last one logged is said by nobody after it
        update.run();
        int left = swapped.loadersLeft();
        Footprint after = Footprint.settled(before, ALLOWED_MEGABYTES);
        System.out.println(what + ": without swaps " + calm + "; with " + SWAPS + " swaps " + busy
                + "; a swap took " + swapped.tookMillis() + " ms; class loaders left " + left + "; before "
                + before + "; after " + after);
        assertEquals(0, left, "class loaders of earlier versions");
        assertEquals(Map.of(), after.moreThreadsThan(before), "threads");
        assertEquals(Map.of(), after.moreDescriptorsThan(before), "open files and sockets");
        assertTrue(
                after.nativeMegabytes() <= before.nativeMegabytes() + ALLOWED_MEGABYTES,
                () -> "memory " + before + " " + after);
    }

    private static void endStreams() {
        ServiceReference<NodeControl> reference = context().getServiceReference(NodeControl.class);
        NodeControl control = context().getService(reference);
        try {
            control.streams().forEach(stream -> control.endStream(stream.manifest()));
            Wait.until("all sessions ended", () -> control.sessions().isEmpty());
        } finally {
            context().ungetService(reference);
        }
    }
}
