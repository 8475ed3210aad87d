package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LivePorts;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.MediaPart;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.MessageSink;
import io.millrace.api.value.MessageSource;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.PassThroughPipeline;
import io.millrace.testkit.TextPipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Work that is no segment: a request, a stream of messages, a live session. */
class ShapesTest {

    private static final JobSpec SPEC =
            JobSpec.needing(Capabilities.of(Capability.AUTH_TOKEN, TextPipeline.CAPABILITY));
    private static final LiveSpec LIVE = new LiveSpec(
            new ManifestId("live"), SPEC.forModel(TextPipeline.CAPABILITY, ""), ">");

    private final Rig rig = new Rig(new PassThroughPipeline(), new TextPipeline());
    private final AuthToken token = rig.token();

    private static Job request(String text, boolean streaming) {
        return new Job(
                SPEC,
                Payload.Request.of(TextPipeline.CAPABILITY, "")
                        .contentType("text/plain")
                        .streaming(streaming)
                        .build(),
                Body.of(Bytes.utf8(text)));
    }

    @Test
    void thePipelineIsFoundByTheNumberOfTheCapability() {
        Completion.Done text = rig.done(rig.submit(token, request("abc", false)));
        assertEquals("ABC", text.outputs().getFirst().fetch(rig.deadline()).utf8());
        // they have a session each, whose end is told on its own thread
        rig.events.await(NodeEvent.JobServed.class);
        rig.done(rig.submit(token, Rig.job(1)));
        List<NodeEvent.JobServed> served = rig.events.await(2, NodeEvent.JobServed.class);
        assertEquals(
                List.of("text", "pass-through"),
                served.stream().map(NodeEvent.JobServed::pipeline).toList());
    }

    @Test
    void anAnswerKeepsItsStatusItsHeadersAndItsMediaType() {
        Result made = Result.made(Artifact.of("page", ".bin", Bytes.utf8("x")).withMediaType("text/x-page"))
                .withStatus(201)
                .withHeader("X-Model", "small")
                .withUnits(5);
        Rig own = new Rig(new Answering(made));
        Completion.Done done = own.done(own.submit(own.token(), request("", false)));
        assertEquals(201, done.status());
        assertEquals(Map.of("x-model", "small"), done.headers());
        assertEquals(5, done.units());
        assertEquals("text/x-page", done.outputs().getFirst().contentType());
        assertEquals(5, own.events.await(NodeEvent.JobServed.class).units());
    }

    @Test
    void theReservationOfARequestGoesBackWhenNoRequestNeedsItAnyMore() {
        AnsweringPipeline pipeline = new AnsweringPipeline((job, input) -> Result.made(List.of()));
        Rig own = new Rig(pipeline);
        AuthToken token = own.token();
        own.await(own.submit(
                token,
                new Job(
                        Rig.SPEC,
                        Payload.Request.of(Capability.MPEGTS, "").build(),
                        Body.of(Bytes.EMPTY))));
        assertTrue(own.orchestrator.awaitQuiet(own.deadline()));
        assertEquals(1, pipeline.made.get());
        assertEquals(0, pipeline.seats.get());
        assertEquals(0, own.orchestrator.sessions().size());
    }

    @Test
    void requestsUnderOneTokenAreDoneAtOnceAndDoNotCountAsSessions() throws Exception {
        CountDownLatch together = new CountDownLatch(3);
        Rig own = new Rig(new Streaming((answers, deadline) -> {
            together.countDown();
            together.await();
            answers.send(Bytes.utf8("one"), deadline);
            return Result.made(List.of());
        }));
        own.settings = Rig.sessions(1);
        AuthToken one = own.token();
        List<Submission> all = List.of(
                own.submit(one, request("", true)), own.submit(one, request("", true)), own.submit(one, request("", true)));
        for (Submission each : all) {
            assertInstanceOf(Completion.Streaming.class, own.await(each));
        }
        assertTrue(own.orchestrator.awaitQuiet(own.deadline()));
        assertEquals(0, own.orchestrator.sessions().size());
    }

    @Test
    void asManyRequestsAsAllowedRunAndOneMoreIsRefused() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Rig own = new Rig(new Streaming((answers, deadline) -> {
            end.await();
            return Result.made(List.of());
        }));
        AuthToken one = own.token();
        for (int i = 0; i < own.settings.maxRequests(); i++) {
            assertInstanceOf(Accepted.class, own.submit(one, request("", true)));
        }
        assertEquals(Refusal.Reason.CAPPED, own.refused(one, request("", true)).reason());
        assertEquals(List.of(), own.orchestrator.sessions());
        end.countDown();
    }

    @Test
    void aPipelineIsAskedForTheJobsOwnCapabilityAndNotForAllThatGatewaysList() {
        List<Integer> listed = new ArrayList<>(Capability.WITH_AI);
        listed.add(TextPipeline.CAPABILITY);
        Job job = new Job(
                JobSpec.needing(Capabilities.of(listed).withCapacity(1)).forModel(TextPipeline.CAPABILITY, ""),
                Payload.Request.of(TextPipeline.CAPABILITY, "").build(),
                Body.of(Bytes.utf8("abc")));
        Rig own = new Rig(new TextPipeline());
        Offer offer = assertInstanceOf(
                Offer.class, own.orchestrator.quote(job.spec(), Caller.ANONYMOUS, own.deadline()));
        assertTrue(job.spec().needs().orElseThrow().compatibleWith(offer.capabilities()));
        assertEquals(
                "ABC",
                own.done(own.submit(offer.token(), job)).outputs().getFirst().fetch(own.deadline()).utf8());
        // who wants segments is not told of what nobody here can do
        assertFalse(own.offer().capabilities().has(Capability.MPEGTS));
    }

    @Test
    void theUnitsOfARequestAreThoseOfTheNetworksRuleAlsoWhenItsReaderLeaves() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        Rig own = new Rig(new Streaming((answers, deadline) -> {
            answers.send(Bytes.utf8("one"), deadline);
            left.await();
            return Result.failed(Failure.Kind.CANCELLED, "nobody reads");
        }));
        own.settings = Rig.settings(10, OrchestratorSettings.MAX_BODY_BYTES, true);
        own.wallets.bind(new AddressWallet(), 1);
        Job job = new Job(
                SPEC,
                Payload.Request.of(TextPipeline.CAPABILITY, "").streaming(true).units(16).build(),
                Body.of(Bytes.EMPTY));
        Accepted accepted = assertInstanceOf(Accepted.class, own.submit(own.token(), job));
        Completion.Streaming streaming = assertInstanceOf(Completion.Streaming.class, own.await(accepted));
        streaming.messages().next(own.deadline());
        // before the first message is out, and not once more at the end
        assertEquals(List.of(16L), own.payee.debits.stream().map(RecordingPayee.Debit::units).toList());
        accepted.close();
        left.countDown();
        assertTrue(own.orchestrator.awaitQuiet(own.deadline()));
        assertEquals(List.of(16L), own.payee.debits.stream().map(RecordingPayee.Debit::units).toList());
        assertEquals(16, own.events.await(NodeEvent.JobServed.class).units());
    }

    @Test
    void aJobWhoseBodyNamesAModelThatNobodyHasIsRefusedAtOnceWhateverItsGatewayLists() {
        Capabilities.Model model = new Capabilities.Model(true, 1, "", 0);
        Capabilities offered = Capabilities.of(Capability.LLM)
                .withCapacity(1)
                .withModels(Map.of(Capability.LLM, Map.of("here", model)));
        Rig own = new Rig(new Answering(Result.made(List.of()), offered));
        own.settings = Rig.settings(10, OrchestratorSettings.MAX_BODY_BYTES, true);
        own.wallets.bind(new AddressWallet(), 1);
        AuthToken one = own.token();
        Job absent = new Job(
                JobSpec.needing(offered),
                Payload.Request.of(Capability.LLM, "absent").units(1).build(),
                Body.of(Bytes.EMPTY));
        assertEquals(Refusal.Reason.INCOMPATIBLE, own.refused(one, absent).reason());
        assertEquals(List.of(), own.payee.received);
        Job here = new Job(
                JobSpec.needing(Capabilities.of(Capability.LLM)),
                Payload.Request.of(Capability.LLM, "here").units(1).build(),
                Body.of(Bytes.EMPTY));
        assertInstanceOf(Completion.Done.class, own.await(own.submit(one, here)));
    }

    @Test
    void theMediaOfAnAnswerLieUnderNamesOfTheirOwn() {
        Rig own = new Rig(new Answering(Result.made(List.of(
                Artifact.of("answer", ".json", Bytes.utf8("{}")),
                Artifact.of("0a1b2c3d", ".png", Bytes.utf8("x")),
                Artifact.of("4e5f6071", ".png", Bytes.utf8("y"))))));
        List<String> names = own.done(own.submit(own.token(), request("", false))).outputs().stream()
                .map(output -> output.location().replaceAll("[^/]*/", ""))
                .toList();
        assertEquals(List.of("answer.json", "0a1b2c3d.png", "4e5f6071.png"), names);
    }

    @Test
    void requestsOfOneSessionKeepTheirResultsApart() {
        Completion.Done first = rig.done(rig.submit(token, request("abc", false)));
        Completion.Done second = rig.done(rig.submit(token, request("def", false)));
        assertEquals("ABC", first.outputs().getFirst().fetch(rig.deadline()).utf8());
        assertEquals("DEF", second.outputs().getFirst().fetch(rig.deadline()).utf8());
    }

    @Test
    void aCapabilityThatNobodyServesIsRefused() {
        Job job = new Job(
                JobSpec.needing(Capabilities.of(Capability.UPSCALE)),
                Payload.Request.of(Capability.UPSCALE, "").contentType("image/png").build(),
                Body.of(Bytes.EMPTY));
        assertEquals(
                Refusal.Reason.INCOMPATIBLE,
                assertInstanceOf(Refusal.class, rig.submit(token, job)).reason());
    }

    @Test
    void messagesAreReadWhileTheyAreMade() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Rig own = new Rig(new Streaming((answers, deadline) -> {
            answers.send(Bytes.utf8("one"), deadline);
            read.await();
            answers.send(Bytes.utf8("two"), deadline);
            return Result.made(List.of());
        }));
        MessageSource<Bytes> messages = streaming(own);
        assertEquals("one", messages.next(own.deadline()).orElseThrow().utf8());
        read.countDown();
        assertEquals("two", messages.next(own.deadline()).orElseThrow().utf8());
        assertEquals(Optional.empty(), messages.next(own.deadline()));
        assertEquals(Optional.empty(), own.events.await(NodeEvent.JobServed.class).error());
    }

    @Test
    void aStreamThatFailsBeforeItsFirstMessageIsAFailureAndLaterAFault() {
        Result failure = new Result.Failed(new Failure(Failure.Kind.INPUT, "no such model"));
        Rig before = new Rig(new Streaming((answers, deadline) -> failure));
        Completion.Failed failed = before.failed(before.submit(before.token(), request("", true)));
        assertEquals("no such model", failed.failure().message());
        Rig after = new Rig(new Streaming((answers, deadline) -> {
            answers.send(Bytes.utf8("one"), deadline);
            return failure;
        }));
        MessageSource<Bytes> messages = streaming(after);
        assertEquals("one", messages.next(after.deadline()).orElseThrow().utf8());
        Fault fault = assertThrows(Fault.class, () -> messages.next(after.deadline()));
        assertEquals("no such model", fault.getMessage());
    }

    @Test
    void aReaderWhoLeavesEndsTheStream() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        Rig own = new Rig(new Streaming((answers, deadline) -> {
            answers.send(Bytes.utf8("one"), deadline);
            left.await();
            try {
                answers.send(Bytes.utf8("two"), deadline);
                return Result.made(List.of());
            } finally {
                ended.countDown();
            }
        }));
        MessageSource<Bytes> messages = streaming(own);
        assertEquals("one", messages.next(own.deadline()).orElseThrow().utf8());
        messages.close();
        left.countDown();
        assertTrue(ended.await(30, TimeUnit.SECONDS));
        assertTrue(own.events.await(NodeEvent.JobServed.class).error().isPresent());
    }

    @Test
    void givingAStreamUpInterruptsItsPipeline() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Rig own = new Rig(new Streaming((answers, deadline) -> {
            try {
                // the answer is there before the message is, so that it can be given up meanwhile
                answers.send(Bytes.utf8("one"), deadline);
                new CountDownLatch(1).await();
                return Result.made(List.of());
            } finally {
                interrupted.countDown();
            }
        }));
        Accepted accepted = assertInstanceOf(Accepted.class, own.submit(own.token(), request("", true)));
        assertInstanceOf(Completion.Streaming.class, own.await(accepted));
        accepted.close();
        assertTrue(interrupted.await(30, TimeUnit.SECONDS));
    }

    private static MessageSource<Bytes> streaming(Rig rig) {
        return assertInstanceOf(Completion.Streaming.class, rig.await(rig.submit(rig.token(), request("", true))))
                .messages();
    }

    @Test
    void aLiveSessionCarriesMediaControlAndEventsAndKeepsItsSessionFromIdling() {
        LivePorts ports = open();
        ports.media().send(MediaPart.whole(0, Bytes.utf8("a")), rig.deadline());
        assertEquals(MediaPart.whole(0, Bytes.utf8(">a")), ports.result().next(rig.deadline()).orElseThrow());
        ports.signals().send(Bytes.utf8("#"), rig.deadline());
        ports.media().send(MediaPart.whole(1, Bytes.utf8("?")), rig.deadline());
        assertEquals("prefix is #", ports.notices().next(rig.deadline()).orElseThrow().utf8());
        rig.pass(OrchestratorSettings.STANDARD.sessionIdle().minusSeconds(1));
        ports.media().send(MediaPart.whole(2, Bytes.utf8("b")), rig.deadline());
        assertEquals(MediaPart.whole(2, Bytes.utf8("#b")), ports.result().next(rig.deadline()).orElseThrow());
        rig.pass(OrchestratorSettings.STANDARD.sessionIdle().minusSeconds(1));
        assertEquals(1, rig.orchestrator.sessions().size());
        ports.close();
        assertEquals("text", rig.events.await(NodeEvent.JobServed.class).pipeline());
    }

    @Test
    void aLiveSessionCountsAsOne() {
        LivePorts ports = open();
        rig.settings = Rig.sessions(1);
        assertEquals(Refusal.Reason.CAPPED, assertInstanceOf(Refusal.class, rig.quote()).reason());
        ports.close();
    }

    @Test
    void aLiveSessionIsAdmittedLikeAJob() {
        LiveOpening opening = rig.orchestrator.open(Optional.empty(), LIVE, Payment.NONE, rig.deadline());
        assertEquals(new Refusal(Refusal.Reason.TOKEN_MISSING, "missing auth token"), opening);
    }

    @Test
    void stoppingEndsLiveSessions() {
        LivePorts ports = open();
        rig.orchestrator.close();
        assertEquals(Optional.empty(), ports.result().next(rig.deadline()));
    }

    private LivePorts open() {
        return assertInstanceOf(
                        LiveOpening.Opened.class,
                        rig.orchestrator.open(Optional.of(token), LIVE, Payment.NONE, rig.deadline()))
                .session()
                .ports();
    }

    /** Gives each request the same answer. */
    private record Answering(Result result, Capabilities capabilities) implements Pipeline {
        Answering(Result result) {
            this(result, Capabilities.of(TextPipeline.CAPABILITY).withCapacity(1));
        }

        @Override
        public String name() {
            return "answering";
        }

        @Override
        public Reservation reserve(SessionId session, JobSpec spec) {
            return new PipelineSession() {
                @Override
                public Result run(Payload payload, Bytes input, Deadline deadline) {
                    return result;
                }

                @Override
                public void close() {
                    // it holds nothing
                }
            };
        }
    }

    /** Streams as the test says. */
    private record Streaming(Script script) implements Pipeline {

        interface Script {
            Result run(MessageSink<Bytes> answers, Deadline deadline) throws InterruptedException;
        }

        @Override
        public String name() {
            return "streaming";
        }

        @Override
        public Capabilities capabilities() {
            return Capabilities.of(TextPipeline.CAPABILITY).withCapacity(1);
        }

        @Override
        public Reservation reserve(SessionId session, JobSpec spec) {
            return new PipelineSession() {
                @Override
                public Result stream(Payload.Request request, Bytes input, MessageSink<Bytes> answers, Deadline deadline) {
                    try {
                        return script.run(answers, deadline);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("interrupted, as the test wanted", e);
                    }
                }

                @Override
                public void close() {
                    // It holds nothing.
                }
            };
        }
    }
}
