package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamGate.Opening;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.payment.OnePrice;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.LoopbackLinks;
import io.millrace.testkit.RecordingEvents;
import io.millrace.testkit.RecordingPublisher;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A gateway in the middle of things that a test holds in its hands. */
final class GatewayRig implements AutoCloseable {

    static final Duration FIRST_TIMER = Duration.ofMillis(300);
    static final Duration FIRST_PAUSE = Duration.ofMillis(400);
    static final ManifestId MANIFEST = new ManifestId("rig");
    static final VideoProfile LARGE =
            VideoProfile.h264("large", 640, 360, 500_000, 30).withFormat(VideoProfile.Container.MPEGTS);
    static final VideoProfile SMALL =
            VideoProfile.h264("small", 320, 180, 200_000, 30).withFormat(VideoProfile.Container.MPEGTS);
    static final MediaInfo H264 = new MediaInfo(
            VideoProfile.Container.MPEGTS, "h264", "aac", 1280, 720, "yuv420p", 30, "avc1.64001f,mp4a.40.2", 60);

    final ManualTime time = new ManualTime();
    final RecordingEvents events = new RecordingEvents();
    volatile Consumer<NodeEvent> listener = event -> {};
    final InMemoryBudget budget = InMemoryBudget.ample();
    final RecordingPublisher publisher = new RecordingPublisher();
    final RecordingPayer payer = new RecordingPayer();
    final LoopbackLinks links = new LoopbackLinks();
    final List<Listing> listings = new CopyOnWriteArrayList<>();
    final GatewayPorts ports = GatewayPorts.empty(budget, this::happened, time, time);
    volatile GatewaySettings settings = settings(10, 8, 4, "");
    final Gateway gateway = new Gateway(ports, OnePrice.noCurrencies(time), () -> settings);

    GatewayRig() {
        ports.links().bind(links, 0);
        ports.publishers().bind(publisher, 0);
        ports.payers().bind(payer, 0);
        ports.directories().bind(() -> List.copyOf(listings), 0);
    }

    private void happened(NodeEvent event) {
        events.happened(event);
        listener.accept(event);
    }

    /** The standard ones but for these; a timer of discovery cannot be taken for another one. */
    static GatewaySettings settings(int maxSessions, int queueSegments, int parallelSegments, String minVersion) {
        GatewaySettings all = GatewaySettings.STANDARD;
        return new GatewaySettings(
                maxSessions, all.maxAttempts(), queueSegments, parallelSegments, all.reorderSegments(),
                all.reorderWait(), all.grace(), all.finish(), FIRST_TIMER, all.candidates(), all.waitForOrchestrator(), all.requestPatience(), minVersion, false, all.maxPrices());
    }

    /** Another orchestrator, listed and reachable. */
    ScriptedOrchestrator orchestrator(String name) {
        URI address = address(name);
        ScriptedOrchestrator orchestrator = new ScriptedOrchestrator(address, time);
        links.with(address, orchestrator);
        listings.add(Listing.at(address).trust(1).configured(true).build());
        return orchestrator;
    }

    static URI address(String name) {
        return URI.create("https://" + name + ":8935");
    }

    Stream open() {
        return open(MANIFEST.value());
    }

    Stream open(String name) {
        return opened(gateway.open(spec(name, List.of(LARGE, SMALL))));
    }

    static StreamSpec spec(String name, List<VideoProfile> profiles) {
        return new StreamSpec(new ManifestId(name), profiles, "test", false, 1);
    }

    static Stream opened(Opening opening) {
        return assertInstanceOf(Opening.Opened.class, opening).stream();
    }

    static Segment segment(long sequence) {
        return segment(sequence, Duration.ofSeconds(2));
    }

    static Segment segment(long sequence, Duration duration) {
        return new Segment(
                sequence,
                duration,
                Bytes.utf8("segment " + sequence),
                Optional.empty(),
                Instant.parse("2026-01-01T00:00:00Z"),
                false);
    }

    SegmentResult await(Pending pending) {
        return pending.await(Deadline.in(Duration.ofMinutes(1), time));
    }

    SegmentResult send(Stream stream, long sequence) {
        return await(stream.submit(segment(sequence), H264));
    }

    SegmentResult.Transcoded transcoded(SegmentResult result) {
        return assertInstanceOf(SegmentResult.Transcoded.class, result);
    }

    RecordingPublisher.Recording published() {
        return publisher.of(MANIFEST);
    }

    @Override
    public void close() {
        gateway.drain(Deadline.in(Duration.ZERO, time));
        gateway.close();
    }
}
