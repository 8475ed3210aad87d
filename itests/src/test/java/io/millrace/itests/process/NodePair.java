package io.millrace.itests.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An orchestrator, and a gateway that has it do its work over the network's protocol. */
record NodePair(NodeProcess orchestrator, NodeProcess gateway) implements AutoCloseable {

    /** Renditions that take little time to make. */
    static final String PROFILES = "io.millrace.media.profiles=P240p30fps16x9,P144p30fps16x9";

    /** Starts both and waits until they are ready. */
    static NodePair start(Path folder, String... gatewaySettings) {
        NodeProcess orchestrator =
                NodeProcess.run(Distribution.GPL, folder.resolve("orchestrator"), "orchestrator").awaitReady();
        List<String> settings = new ArrayList<>(List.of(
                PROFILES, "io.millrace.kernel.gateway.orchestrators=" + orchestrator.address("service")));
        settings.addAll(List.of(gatewaySettings));
        NodeProcess gateway = NodeProcess.run(
                Distribution.GPL, folder.resolve("gateway"), "gateway", settings.toArray(String[]::new));
        return new NodePair(orchestrator, gateway.awaitReady());
    }

    URI http() {
        return gateway.address("http");
    }

    /** Where a stream of this name is published. */
    String rtmp(String stream) {
        return gateway.address("rtmp") + "/" + stream;
    }

    @Override
    public void close() {
        gateway.close();
        orchestrator.close();
    }
}
