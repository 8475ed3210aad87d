package io.millrace.media.rtmp;

import io.millrace.api.job.VideoProfile;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** An RTMP server on any free port in front of a {@link RecordingGate}. */
final class TestServer implements AutoCloseable {

    static final RtmpLimits LIMITS =
            new RtmpLimits(8, 0, 3, 1 << 20, 8 << 20, Duration.ofSeconds(10), Duration.ofSeconds(2));

    final RecordingGate gate = new RecordingGate();
    final InMemoryBudget budget = InMemoryBudget.ample();
    final ManualClock clock = new ManualClock();
    final RtmpServer server;

    TestServer(StreamKeys keys, RtmpLimits limits, boolean realTime) throws IOException {
        InstantSource time = realTime ? InstantSource.system() : clock;
        VideoProfile profile = VideoProfile.h264("small", 64, 36, 100_000, 30);
        GatewayAuthorizer authorizer = new GatewayAuthorizer(gate, () -> List.of(profile), () -> keys, () -> limits, budget, time);
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = RtmpServer.open(anyPort, authorizer, () -> limits, budget, time);
    }

    static TestServer open() throws IOException {
        return new TestServer(StreamKeys.OPEN, LIMITS, false);
    }

    String url(String path) {
        return "rtmp://127.0.0.1:" + server.port() + "/" + path;
    }

    @Override
    public void close() {
        server.close();
    }
}
