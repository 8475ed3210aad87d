package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.compute.Result;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.MediaPart;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeControl;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.LiveSession;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Price;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.PassThroughPipeline;
import io.millrace.testkit.TextPipeline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An orchestrator whose work has to be paid. */
class PaidWorkTest {

    private static final Address SENDER = new Address(Bytes.hex("00112233445566778899aabbccddeeff00112233"));
    private static final Payment PAYMENT =
            new Payment(SENDER, Optional.empty(), List.of(), Optional.of(Price.of(7, 1)));
    private static final JobSpec TEXT = JobSpec.needing(Capabilities.of(TextPipeline.CAPABILITY));

    private final PassThroughPipeline pipeline = new PassThroughPipeline();
    private final Rig rig = new Rig(pipeline, new OneModel(new TextPipeline()));

    /** Has the one model that the requests name. */
    private record OneModel(Pipeline pipeline) implements Pipeline {

        @Override
        public String name() {
            return pipeline.name();
        }

        @Override
        public Capabilities capabilities() {
            Capabilities.Model model = new Capabilities.Model(true, 1, "", 0);
            return pipeline.capabilities().withModels(Map.of(TextPipeline.CAPABILITY, Map.of("a/b", model)));
        }

        @Override
        public Reservation reserve(SessionId session, JobSpec spec) {
            return pipeline.reserve(session, spec);
        }
    }
    private final RecordingPayee payee = rig.payee;
    private final AddressWallet wallet = new AddressWallet();

    @BeforeEach
    void onChain() {
        rig.settings = Rig.settings(10, OrchestratorSettings.MAX_BODY_BYTES, true);
        rig.wallets.bind(wallet, 0);
    }

    private Submission submit(AuthToken token, Job job) {
        return rig.orchestrator.submit(Optional.of(token), job, PAYMENT, rig.deadline());
    }

    private static Job text(boolean streaming) {
        return new Job(
                TEXT,
                Payload.Request.of(TextPipeline.CAPABILITY, "a/b").streaming(streaming).build(),
                Body.of(Bytes.utf8("one two")));
    }

    @Test
    void whatAGatewayWouldBeQuotedIsWhatItIsQuotedAndNobodyIsTold() {
        Caller caller = new Caller(SENDER, Bytes.EMPTY, Optional.empty());
        Offer offer = assertInstanceOf(Offer.class, rig.orchestrator.quote(Rig.SPEC, caller, rig.deadline()));
        int told = rig.events.all().size();
        NodeControl.PriceQuote quote =
                rig.orchestrator.quote(SENDER, Rig.SPEC, rig.deadline()).orElseThrow();
        assertEquals(offer.price(), quote.price());
        assertEquals(List.of("it is a test"), quote.reasons());
        assertEquals(Optional.empty(), quote.refusal());
        assertEquals(told, rig.events.all().size());
        rig.orchestrator.shut();
        NodeControl.PriceQuote none =
                rig.orchestrator.quote(SENDER, Rig.SPEC, rig.deadline()).orElseThrow();
        assertTrue(none.refusal().isPresent() && none.price().isEmpty());
    }

    @Test
    void theBalanceOfASegmentIsTheSessionsAndIsDebitedOnceByItsPixels() {
        AuthToken token = rig.token();
        rig.done(submit(token, Rig.job(1)));
        assertTrue(rig.orchestrator.awaitQuiet(rig.deadline()));
        String session = token.session().value();
        assertEquals(List.of(session), payee.received);
        assertEquals(List.of(new RecordingPayee.Debit(session, SENDER, 160 * 90 + 320 * 180)), payee.debits);
    }

    @Test
    void theBalanceOfARequestIsThatOfItsCapabilityAndModel() {
        rig.done(submit(rig.token(), text(false)));
        assertTrue(rig.orchestrator.awaitQuiet(rig.deadline()));
        assertEquals(List.of(BalanceId.of(TextPipeline.CAPABILITY, "a/b").value()), payee.received);
        assertEquals(7, payee.debits.getFirst().units());
    }

    @Test
    void aStreamIsDebitedAtItsEndByTheUnitsThatItCost() {
        Completion.Streaming streaming =
                assertInstanceOf(Completion.Streaming.class, rig.await(submit(rig.token(), text(true))));
        while (streaming.messages().next(rig.deadline()).isPresent()) {
            // all of it is read
        }
        assertTrue(rig.orchestrator.awaitQuiet(rig.deadline()));
        assertEquals(
                List.of(7L), payee.debits.stream().map(RecordingPayee.Debit::units).toList());
    }

    @Test
    void theBalanceOfALiveSessionHasItsNameAndIsDebitedAtItsEnd() {
        LiveSpec spec = new LiveSpec(new ManifestId("live"), TEXT.forModel(TextPipeline.CAPABILITY, ""), ">");
        LiveOpening.Opened opened = assertInstanceOf(
                LiveOpening.Opened.class,
                rig.orchestrator.open(Optional.of(rig.token()), spec, PAYMENT, rig.deadline()));
        try (LiveSession live = opened.session()) {
            live.ports().media().send(MediaPart.whole(0, Bytes.utf8("abc")), rig.deadline());
            live.ports().media().close();
            while (live.ports().result().next(rig.deadline()).isPresent()) {
                // until the pipeline has ended
            }
        }
        rig.events.await(NodeEvent.JobServed.class);
        assertEquals(List.of("live"), payee.received);
        assertEquals(List.of(new RecordingPayee.Debit("live", SENDER, 3)), payee.debits);
    }

    @Test
    void creditGoesToTheBalanceThatIsNamed() {
        Offer next = assertInstanceOf(
                Offer.class,
                rig.orchestrator.credit(
                        Optional.of(rig.token()), new BalanceId("movie"), PAYMENT, rig.deadline()));
        assertEquals(List.of("movie"), payee.received);
        assertEquals(Optional.of(Price.of(7, 1)), next.price());
    }

    @Test
    void theNextOfferIsMadeForWhoeverPaid() {
        AuthToken token = rig.token();
        Offer next = rig.done(submit(token, Rig.job(1))).next().orElseThrow();
        assertEquals(Optional.of(Price.of(7, 1)), next.price());
        assertEquals(AddressWallet.ADDRESS, next.address());
        assertEquals(
                new Caller(SENDER, Bytes.EMPTY, Optional.of(BalanceId.of(token.session()))),
                payee.callers.getLast());
    }

    @Test
    void renditionsAreSignedByTheHashOfTheirHashes() {
        Completion.Done done = rig.done(submit(rig.token(), Rig.job(1)));
        byte[] hash = Keccak256.of(Rig.INPUT).unsafeArray();
        assertEquals(Keccak256.of(hash, hash), done.signature());
        assertEquals(Bytes.EMPTY, rig.done(submit(rig.token(), text(false))).signature());
    }

    @Test
    void capacityIsReservedBeforeAnybodyPays() {
        AnsweringPipeline full = new AnsweringPipeline((job, input) -> Result.made(List.of()));
        full.full = true;
        rig.orchestrator.remove(pipeline);
        rig.orchestrator.add(full, Rig.SOMEBODY);
        assertEquals(
                Reason.CAPPED,
                assertInstanceOf(Refusal.class, submit(rig.token(), Rig.job(1))).reason());
        assertEquals(List.of(), payee.received);
    }

    @Test
    void aJobThatCannotBeBegunIsNotDebitedAndOneThatFailsCostsNothing() {
        rig.orchestrator.remove(pipeline);
        assertEquals(
                Failure.Reason.NO_PIPELINE,
                rig.failed(submit(rig.token(), Rig.job(1))).failure().reason());
        assertEquals(List.of(), payee.debits);
        rig.orchestrator.add(
                new AnsweringPipeline((job, input) -> Result.made(Artifact.of("small", ".ts", input).withUnits(9))),
                Rig.SOMEBODY);
        assertEquals(
                Failure.Reason.MISMATCHED,
                rig.failed(submit(rig.token(), Rig.job(1))).failure().reason());
        assertTrue(rig.orchestrator.awaitQuiet(rig.deadline()));
        assertEquals(List.of(0L), payee.debits.stream().map(RecordingPayee.Debit::units).toList());
    }

    @Test
    void aJobThatIsGivenUpCostsNothing() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        rig.orchestrator.remove(pipeline);
        rig.orchestrator.add(
                new AnsweringPipeline((job, input) -> {
                    arrived.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        // works on, to no avail
                    }
                    return Result.made(List.of(
                            Artifact.of("small", ".ts", input).withUnits(9),
                            Artifact.of("large", ".ts", input).withUnits(9)));
                }),
                Rig.SOMEBODY);
        Submission submission = submit(rig.token(), Rig.job(1));
        assertTrue(arrived.await(30, TimeUnit.SECONDS));
        assertInstanceOf(Accepted.class, submission).close();
        assertTrue(rig.orchestrator.awaitQuiet(rig.deadline()));
        assertEquals(List.of(0L), payee.debits.stream().map(RecordingPayee.Debit::units).toList());
    }

    @Test
    void withoutAWalletNothingIsDoneForFree() {
        AuthToken token = rig.token();
        assertEquals(List.of(), rig.orchestrator.obstacles());
        rig.wallets.unbind(wallet);
        assertRefusedAsUnavailable(token);
        assertEquals(Reason.UNAVAILABLE, assertInstanceOf(Refusal.class, rig.quote()).reason());
        rig.wallets.bind(wallet, 0);
        rig.done(submit(token, Rig.job(2)));
    }

    @Test
    void whatKeepsThePayeeFromTakingPaymentsIsAnObstacle() {
        payee.obstacle = Optional.of("there is no ledger");
        assertEquals(
                List.of("the orchestrator is on-chain (onChain) and there is no ledger"),
                rig.orchestrator.obstacles());
        rig.settings = Rig.settings(10, OrchestratorSettings.MAX_BODY_BYTES, false);
        assertEquals(List.of(), rig.orchestrator.obstacles());
    }

    private void assertRefusedAsUnavailable(AuthToken token) {
        assertEquals(
                Reason.UNAVAILABLE,
                assertInstanceOf(Refusal.class, submit(token, Rig.job(1))).reason());
        assertEquals(List.of(), payee.received);
    }

    @Test
    void aPayeeThatCannotBeAskedRefusesTheJob() {
        payee.failure = new Fault(Fault.Consequence.RETRY_HERE, "the ledger does not answer");
        assertEquals(
                Reason.UNAVAILABLE,
                assertInstanceOf(Refusal.class, submit(rig.token(), Rig.job(1))).reason());
    }

    @Test
    void aResultThatTheWalletDoesNotSignIsNoResult() {
        AuthToken token = rig.token();
        wallet.failure = new Fault(Fault.Consequence.RETRY_HERE, "the signer is away");
        assertEquals(
                Failure.Kind.PEER,
                rig.failed(submit(token, Rig.job(1))).failure().kind());
    }
}
