package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LivePorts;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.MediaPart;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.LiveSession;
import io.millrace.api.publish.Publisher;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.MessageSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The three shapes of work that are no video segment: a request, a stream of messages, a live session. */
public abstract class JobFlowContract {

    private static final JobSpec SPEC =
            JobSpec.needing(Capabilities.of(Capability.AUTH_TOKEN, TextPipeline.CAPABILITY))
                    .forModel(TextPipeline.CAPABILITY, "");

    /** A gateway in front of an orchestrator that works with these pipelines. */
    protected abstract FlowNode node(List<Pipeline> pipelines, Publisher publisher, NodeEvents events);

    private FlowNode node() {
        return node(List.of(new TextPipeline()), new RecordingPublisher(), new RecordingEvents());
    }

    private static Deadline deadline() {
        return Deadline.in(Duration.ofSeconds(30), InstantSource.system());
    }

    private static Job job(String text, boolean streaming) {
        return new Job(
                SPEC,
                Payload.Request.of(TextPipeline.CAPABILITY, "")
                        .contentType("text/plain")
                        .streaming(streaming)
                        .build(),
                Body.of(Bytes.utf8(text)));
    }

    @Test
    void aRequestIsAnsweredOnce() {
        try (FlowNode node = node()) {
            Completion.Done done = assertInstanceOf(
                    Completion.Done.class, node.jobs().request(job("mill and race", false), deadline()));
            assertEquals(1, done.outputs().size());
            assertEquals(
                    "MILL AND RACE", done.outputs().getFirst().fetch(deadline()).utf8());
        }
    }

    @Test
    void aStreamingRequestIsAnsweredMessageByMessage() {
        try (FlowNode node = node()) {
            Completion.Streaming streaming = assertInstanceOf(
                    Completion.Streaming.class, node.jobs().request(job("one two three", true), deadline()));
            List<String> words = new ArrayList<>();
            try (MessageSource<Bytes> messages = streaming.messages()) {
                for (Optional<Bytes> next = messages.next(deadline());
                        next.isPresent();
                        next = messages.next(deadline())) {
                    words.add(next.get().utf8());
                }
            }
            assertEquals(List.of("one", "two", "three"), words);
        }
    }

    @Test
    void aLiveSessionCarriesMediaControlAndEvents() {
        try (FlowNode node = node()) {
            LiveSpec spec = new LiveSpec(new ManifestId("live"), SPEC, ">");
            LiveOpening.Opened opened =
                    assertInstanceOf(LiveOpening.Opened.class, node.jobs().open(spec, deadline()));
            try (LiveSession session = opened.session()) {
                LivePorts ports = session.ports();
                ports.media().send(MediaPart.whole(0, Bytes.utf8("a")), deadline());
                assertEquals(MediaPart.whole(0, Bytes.utf8(">a")), ports.result().next(deadline()).orElseThrow());
                ports.signals().send(Bytes.utf8("#"), deadline());
                ports.media().send(MediaPart.whole(1, Bytes.utf8("?")), deadline());
                assertEquals(
                        "prefix is #",
                        ports.notices().next(deadline()).orElseThrow().utf8());
                ports.media().send(MediaPart.whole(2, Bytes.utf8("b")), deadline());
                assertEquals(MediaPart.whole(2, Bytes.utf8("#b")), ports.result().next(deadline()).orElseThrow());
                ports.media().close();
                assertEquals(Optional.empty(), ports.result().next(deadline()));
            }
        }
    }
}
