package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamGate.Opening;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.publish.Publisher;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A stream goes in at the gateway and comes out at the publisher, whatever lies in between. Its tests are
 * public, so that they can be run inside a framework too.
 */
public abstract class WholeFlowContract {

    private static final VideoProfile LARGE =
            VideoProfile.h264("large", 320, 180, 200_000, 30).withFormat(VideoProfile.Container.MPEGTS);
    private static final VideoProfile SMALL =
            VideoProfile.h264("small", 160, 90, 100_000, 30).withFormat(VideoProfile.Container.MPEGTS);
    private static final ManifestId MANIFEST = new ManifestId("flow");

    private final PassThroughPipeline pipeline = new PassThroughPipeline();
    private final RecordingPublisher publisher = new RecordingPublisher();
    private final RecordingEvents events = new RecordingEvents();

    /** A gateway in front of an orchestrator that works with these pipelines. */
    protected abstract FlowNode node(List<Pipeline> pipelines, Publisher publisher, NodeEvents events);

    private FlowNode node() {
        return node(List.of(pipeline), publisher, events);
    }

    private static Stream open(FlowNode node) {
        StreamSpec spec = new StreamSpec(MANIFEST, List.of(LARGE, SMALL), "test", false, 1);
        return assertInstanceOf(Opening.Opened.class, node.streams().open(spec)).stream();
    }

    private static SegmentResult await(Pending pending) {
        return pending.await(Deadline.in(Duration.ofSeconds(30), InstantSource.system()));
    }

    private static Pending submit(Stream stream, int index) {
        return stream.submit(SampleSegments.segment(index), SampleSegments.INFO);
    }

    @Test
    public void everyRenditionOfEverySegmentArrivesAndIsPublishedInOrder() throws InterruptedException {
        try (FlowNode node = node()) {
            Stream stream = open(node);
            List<Pending> pending = new ArrayList<>();
            for (int i = 0; i < SampleSegments.COUNT; i++) {
                pending.add(submit(stream, i));
            }
            for (int i = 0; i < SampleSegments.COUNT; i++) {
                SegmentResult.Transcoded made =
                        assertInstanceOf(SegmentResult.Transcoded.class, await(pending.get(i)));
                assertEquals(
                        List.of(
                                new Rendition(LARGE, SampleSegments.data(i)),
                                new Rendition(SMALL, SampleSegments.data(i))),
                        made.renditions());
            }
            stream.end();
            RecordingPublisher.Recording recording = publisher.of(MANIFEST);
            recording.awaitClosed();
            assertEquals(List.of(0L, 1L, 2L), List.copyOf(recording.renditions().keySet()));
            recording.renditions().values().forEach(renditions -> assertEquals(2, renditions.size()));
            assertEquals(3, recording.sources().size());
            assertEquals(
                    List.of("transcoded", "transcoded", "transcoded"),
                    events.await(3, NodeEvent.SegmentSettled.class).stream()
                            .map(NodeEvent.SegmentSettled::outcome)
                            .toList());
            assertEquals(3, events.await(NodeEvent.StreamEnded.class).segments());
        }
    }

    @Test
    public void theSourceIsPublishedBeforeItsRenditionsAreMade() throws InterruptedException {
        try (FlowNode node = node()) {
            pipeline.hold();
            Stream stream = open(node);
            Pending pending = submit(stream, 0);
            pipeline.awaitArrival();
            assertEquals(1, publisher.of(MANIFEST).sources().size());
            assertEquals(0, publisher.of(MANIFEST).renditions().size());
            pipeline.release(1);
            assertInstanceOf(SegmentResult.Transcoded.class, await(pending));
        }
    }

    @Test
    public void theLastSegmentSurvivesTheEndOfItsStream() throws InterruptedException {
        try (FlowNode node = node()) {
            pipeline.hold();
            Stream stream = open(node);
            Pending pending = submit(stream, 0);
            pipeline.awaitArrival();
            Thread ending = Thread.ofVirtual().start(stream::end);
            assertFalse(publisher.of(MANIFEST).isClosed());
            pipeline.release(1);
            assertInstanceOf(SegmentResult.Transcoded.class, await(pending));
            publisher.of(MANIFEST).awaitClosed();
            assertEquals(2, publisher.of(MANIFEST).renditions().get(0L).size());
            ending.join();
        }
    }

    @Test
    public void aSecondStreamOfTheSameNameIsRefused() {
        try (FlowNode node = node()) {
            open(node);
            assertInstanceOf(
                    Opening.Denied.class,
                    node.streams().open(new StreamSpec(MANIFEST, List.of(SMALL), "test", false, 1)));
        }
    }

    @Test
    public void aStreamWithoutProfilesIsPublishedAsItIs() throws InterruptedException {
        try (FlowNode node = node()) {
            StreamSpec spec = new StreamSpec(MANIFEST, List.of(), "test", false, 1);
            Stream stream =
                    assertInstanceOf(Opening.Opened.class, node.streams().open(spec)).stream();
            await(submit(stream, 0));
            stream.end();
            publisher.of(MANIFEST).awaitClosed();
            assertEquals(1, publisher.of(MANIFEST).sources().size());
        }
    }
}
