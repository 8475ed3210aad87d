package io.millrace.itests.framework;

import static io.millrace.itests.framework.LiveNode.accepts;
import static io.millrace.itests.framework.LiveNode.context;
import static io.millrace.itests.framework.LiveNode.endpoint;
import static io.millrace.itests.framework.LiveNode.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;

/**
 * What publishes by RTMP while the node changes. Where the media bundle is replaced its connection breaks, as encoders
 * know it, and it comes back; who watches goes on in the same playlists. Where the address changes it stays.
 */
@Tag("ffmpeg")
@ExtendWith(InFramework.class)
public class RtmpSwapIT {

    private static final int SWAPS = 3;

    @Configuration
    public Option[] node() throws IOException {
        return Node.changeable(
                "combined",
                "io.millrace.kernel.gateway.orchestrators=loopback:",
                "io.millrace.http~service.address=127.0.0.1:0",
                "io.millrace.http~http.address=127.0.0.1:0",
                "io.millrace.http~admin.address=127.0.0.1:0",
                "io.millrace.media.profiles=P240p30fps16x9",
                "io.millrace.media.rtmp.address=127.0.0.1:" + Node.freePort(),
                "io.millrace.media.rtmp.segmentSeconds=1",
                "io.millrace.ffmpeg.preset=ultrafast");
    }

    @Test
    public void viewersGoOnInTheirPlaylistsWhileTheEncoderComesBack() throws Exception {
        ReplacedBundle media = new ReplacedBundle(context(), "io.millrace.media");
        try (Encoder encoder = new Encoder(endpoint("rtmp") + "/swapped");
                HlsWatch watch = new HlsWatch(endpoint("http"), "swapped")) {
            watch.awaitMore(3);
            for (int i = 0; i < SWAPS; i++) {
                media.update();
                watch.awaitMore(3);
            }
            watch.end();
            assertEquals(List.of(), watch.complaints());
            // it may find the port closed once or twice before it is back
            assertTrue(encoder.connections() > SWAPS, () -> encoder.connections() + " connections");
        }
    }

    @Test
    public void anEncoderGoesOnAtTheAddressThatWasLeft() throws Exception {
        URI http = endpoint("http");
        URI left = endpoint("rtmp");
        URI next = URI.create("rtmp://127.0.0.1:" + Node.freePort());
        try (Encoder encoder = new Encoder(left + "/stays");
                HlsWatch watch = new HlsWatch(http, "stays")) {
            watch.awaitMore(3);
            set("io.millrace.media.rtmp", Map.of("address", next.getAuthority()));
            Wait.until("the new address is told", () -> endpoint("rtmp").equals(next));
            assertEquals(false, accepts(left), "somebody new is heard at the address that was left");
            try (Encoder newcomer = new Encoder(next + "/comes");
                    HlsWatch other = new HlsWatch(http, "comes")) {
                other.awaitMore(3);
                other.end();
                assertEquals(List.of(), other.complaints());
                assertEquals(1, newcomer.connections());
            }
            watch.awaitMore(3);
            watch.end();
            assertEquals(List.of(), watch.complaints());
            assertEquals(1, encoder.connections());
        }
    }

    /** Publishes without end, and connects again when its connection breaks. */
    private static final class Encoder implements AutoCloseable {
        private final List<String> command;
        private final Thread thread;
        private volatile Process process;
        private volatile boolean ending;
        private final AtomicInteger connections = new AtomicInteger();

        Encoder(String target) {
            command = List.of(
                    "ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i",
                    "testsrc2=size=320x180:rate=30", "-c:v", "libx264", "-preset", "ultrafast", "-g", "30",
                    "-keyint_min", "30", "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-f", "flv", target);
            thread = Thread.ofPlatform().daemon().name("encoder").start(this::publish);
        }

        private void publish() {
            while (!ending) {
                try {
                    process = new ProcessBuilder(command)
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start();
                    connections.incrementAndGet();
                    process.waitFor();
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError("ffmpeg cannot be run", e);
                }
            }
        }

        int connections() {
            return connections.get();
        }

        @Override
        public void close() {
            ending = true;
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }
}
