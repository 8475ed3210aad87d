package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamGate.Opening;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.MediaPart;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.LiveSession;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.kernel.payment.CurrencyPrice;
import io.millrace.kernel.payment.MaxPrices;
import io.millrace.kernel.payment.MoneyRig;
import io.millrace.kernel.payment.PriceTable;
import io.millrace.testkit.FlowNode;
import io.millrace.testkit.PassThroughPipeline;
import io.millrace.testkit.RecordingEvents;
import io.millrace.testkit.RecordingPublisher;
import io.millrace.testkit.SampleSegments;
import io.millrace.testkit.TextPipeline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole flow of both roles, paid with tickets: the books of both sides agree after every kind of work. */
class PaidFlowTest {

    private static final JobSpec TEXT = JobSpec.needing(
                    Capabilities.of(Capability.AUTH_TOKEN, TextPipeline.CAPABILITY))
            .forModel(TextPipeline.CAPABILITY, "");

    private final MoneyRig money = new MoneyRig();
    private final RecordingEvents events = new RecordingEvents();
    private final FlowNode node = new LoopbackNode(
            List.of(new PassThroughPipeline(), new TextPipeline()), new RecordingPublisher(), events, Optional.of(money));

    @AfterEach
    void stop() {
        node.close();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(30), InstantSource.system());
    }

    private void agree(String balance) {
        Rational paid = MoneyRig.paid(money.gateway.ledger, money.orchestrator.wallet.address(), balance);
        assertEquals(money.received(balance), paid);
        assertNotEquals(Rational.ZERO, paid);
    }

    @Test
    void aStreamIsPaidSegmentBySegmentFromTheBalanceOfItsSession() {
        money.price = Price.of(1, 1000);
        VideoProfile profile =
                VideoProfile.h264("small", 160, 90, 100_000, 30).withFormat(VideoProfile.Container.MPEGTS);
        Stream stream = assertInstanceOf(
                        Opening.Opened.class,
                        node.streams().open(new StreamSpec(new ManifestId("paid"), List.of(profile), "test", false, 1)))
                .stream();
        for (int i = 0; i < SampleSegments.COUNT; i++) {
            SegmentResult result =
                    stream.submit(SampleSegments.segment(i), SampleSegments.INFO).await(soon());
            assertInstanceOf(SegmentResult.Transcoded.class, result, result::toString);
        }
        agree(events.await(NodeEvent.SessionStarted.class).session().value());
        assertTrue(events.all(NodeEvent.AttemptFailed.class).isEmpty());
    }

    @Test
    void aRequestIsPaidFromTheBalanceOfItsCapability() {
        Job job = new Job(
                TEXT,
                Payload.Request.of(TextPipeline.CAPABILITY, "").units(5).build(),
                Body.of(Bytes.utf8("hello")));
        assertInstanceOf(Completion.Done.class, node.jobs().request(job, soon()));
        agree(BalanceId.of(TextPipeline.CAPABILITY, "").value());
    }

    @Test
    void aLiveSessionIsPaidFromTheBalanceOfItsManifest() {
        LiveSpec spec = new LiveSpec(new ManifestId("live-1"), TEXT, ">");
        LiveOpening.Opened opened =
                assertInstanceOf(LiveOpening.Opened.class, node.jobs().open(spec, soon()));
        try (LiveSession session = opened.session()) {
            session.ports().media().send(MediaPart.whole(0, Bytes.utf8("a")), soon());
            assertEquals(
                    MediaPart.whole(0, Bytes.utf8(">a")),
                    session.ports().result().next(soon()).orElseThrow());
        }
        assertTrue(money.received("live-1").compareTo(Rational.ZERO) > 0);
    }

    @Test
    void withoutAnybodyWhoPaysNothingIsSent() {
        money.gateway.wallets.unbind(money.gateway.wallet);
        Job job = new Job(TEXT, Payload.Request.of(TextPipeline.CAPABILITY, "").build(), Body.of(Bytes.utf8("hello")));
        Completion.Failed failed =
                assertInstanceOf(Completion.Failed.class, node.jobs().request(job, soon()));
        assertTrue(failed.failure().message().contains("wallet"), failed.failure().message());
        assertTrue(events.all(NodeEvent.JobServed.class).isEmpty());
    }

    @Test
    void aGatewayBuysNothingOverItsMaximumNorByOneThatIsNotKnown() {
        Job job = new Job(TEXT, Payload.Request.of(TextPipeline.CAPABILITY, "").build(), Body.of(Bytes.utf8("hello")));
        for (String most : List.of("1", "1USD")) {
            MaxPrices.Configured maxPrices =
                    new MaxPrices.Configured(CurrencyPrice.parse("maxPricePerUnit", most), PriceTable.EMPTY);
            try (FlowNode careful = new LoopbackNode(
                    List.of(new TextPipeline()), new RecordingPublisher(), events, Optional.of(money), maxPrices)) {
                Completion.Failed failed =
                        assertInstanceOf(Completion.Failed.class, careful.jobs().request(job, soon()));
                String why = most.equals("1") ? "over the maximum" : "what the price 1USD is in wei is not known";
                assertTrue(failed.failure().message().contains(why), failed.failure().message());
            }
        }
        assertTrue(events.all(NodeEvent.JobServed.class).isEmpty());
    }
}
