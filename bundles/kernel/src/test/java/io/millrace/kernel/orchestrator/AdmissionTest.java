package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.Reservation;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Registration;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.NodeSecret;
import io.millrace.kernel.lease.Leased;
import io.millrace.testkit.PassThroughPipeline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who gets an offer, and which job is let in. */
class AdmissionTest {

    private static final Address SENDER = new Address(Bytes.hex("00112233445566778899aabbccddeeff00112233"));
    private static final BalanceId BALANCE = new BalanceId("movie");
    private static final Payment DIRTY =
            new Payment(SENDER, Optional.empty(), List.of(new Payment.Ticket(1, Bytes.EMPTY)), Optional.empty());

    private static final String CAPPED = "as many sessions as allowed are running";

    private final PassThroughPipeline pipeline = new PassThroughPipeline();
    private final Rig rig = new Rig(pipeline);

    @Test
    void anOfferSaysWhatTheNodeCanDoAndGivesAFreshToken() {
        Offer offer = rig.offer();
        assertEquals(rig.endpoint.orElseThrow(), offer.endpoint());
        assertEquals("0.9.1", offer.capabilities().version());
        assertTrue(offer.capabilities().has(Capability.AUTH_TOKEN));
        assertTrue(offer.capabilities().ids().containsAll(pipeline.capabilities().ids()));
        assertFalse(offer.capabilities().has(Capability.MPEG7_SIGNATURE));
        assertFalse(offer.capabilities().has(Capability.STORAGE_S3));
        assertEquals(1, offer.capabilities().capacities().get(Capability.AUTH_TOKEN));
        assertEquals(Optional.empty(), offer.price());
        assertEquals(Optional.empty(), offer.ticketParams());
        assertEquals(Address.NONE, offer.address());
        assertNotEquals(offer.token().session(), rig.offer().token().session());
    }

    @Test
    void withoutAPipelineNothingIsOffered() {
        Rig empty = new Rig();
        assertEquals(new Refusal(Reason.UNAVAILABLE, "no pipeline is there that can do something"), empty.quote());
        assertFalse(empty.orchestrator.obstacles().isEmpty());
    }

    @Test
    void aPipelineThatStillLoadsHoldsReadinessBack() {
        AtomicReference<Runnable> changed = new AtomicReference<>();
        AtomicReference<Capabilities> loaded = new AtomicReference<>(Capabilities.NONE);
        PassThroughPipeline ready = new PassThroughPipeline();
        Rig loading = new Rig(new Pipeline() {
            @Override
            public String name() {
                return "slow";
            }

            @Override
            public Capabilities capabilities() {
                return loaded.get();
            }

            @Override
            public Registration watch(Runnable told) {
                changed.set(told);
                return () -> {};
            }

            @Override
            public Reservation reserve(SessionId session, JobSpec spec) {
                return ready.reserve(session, spec);
            }
        });
        assertEquals(1, loading.orchestrator.obstacles().size());
        assertEquals(Reason.UNAVAILABLE, assertInstanceOf(Refusal.class, loading.quote()).reason());
        loaded.set(ready.capabilities());
        changed.get().run();
        assertEquals(List.of(), loading.orchestrator.obstacles());
        assertInstanceOf(Offer.class, loading.quote());
    }

    @Test
    void beforeItsAddressIsKnownNothingIsOffered() {
        rig.endpoint = Optional.empty();
        assertEquals(Reason.UNAVAILABLE, assertInstanceOf(Refusal.class, rig.quote()).reason());
        assertEquals(1, rig.orchestrator.obstacles().size());
    }

    @Test
    void asManySessionsAsAllowedRunAndTheNextIsRefusedAtQuoteAndAtSubmission() {
        Rig two = new Rig(Rig.sessions(2));
        two.orchestrator.add(pipeline, Rig.SOMEBODY);
        AuthToken first = two.token();
        AuthToken third = two.token();
        two.done(two.submit(first, Rig.job(1)));
        two.done(two.submit(two.token(), Rig.job(1)));
        Refusal capped = new Refusal(Reason.CAPPED, CAPPED);
        assertEquals(capped, two.quote());
        assertEquals(capped, two.submit(third, Rig.job(1)));
        two.done(two.submit(first, Rig.job(2)));
        assertEquals(2, two.orchestrator.sessions().size());
        two.orchestrator.end(first, two.deadline());
        two.done(two.submit(third, Rig.job(1)));
    }

    @Test
    void theChecksComeInTheOrderOfTheNetworkAndBeforeTheBody() {
        // capabilities, token, room, payment, body
        JobSpec hevc = JobSpec.needing(Capabilities.of(Capability.H264, Capability.AUTH_TOKEN, Capability.HEVC_DECODE));
        AuthToken good = rig.token();
        AuthToken forged = new AuthToken(Bytes.EMPTY, good.session(), good.expiration());
        assertRefused(Reason.INCOMPATIBLE, "a capability that the job needs is missing", forged, hevc, DIRTY);
        assertRefused(Reason.TOKEN_INVALID, "invalid auth token", forged, Rig.SPEC, DIRTY);
        rig.settings = Rig.sessions(0);
        assertRefused(Reason.CAPPED, CAPPED, good, Rig.SPEC, DIRTY);
        rig.settings = OrchestratorSettings.STANDARD;
        assertRefused(Reason.PAYMENT, "tickets without the terms they were signed for", good, Rig.SPEC, DIRTY);
    }

    private void assertRefused(Reason reason, String text, AuthToken token, JobSpec spec, Payment payment) {
        AtomicBoolean read = new AtomicBoolean();
        Body body = limit -> {
            read.set(true);
            return new Body.Read.Received(Rig.INPUT);
        };
        Submission submission = rig.orchestrator.submit(
                Optional.of(token), new Job(spec, Rig.segment(1, Rig.SMALL), body), payment, rig.deadline());
        assertEquals(new Refusal(reason, text), submission);
        assertFalse(read.get(), "the body was read");
        rig.events.await(NodeEvent.JobRefused.class, event -> event.message().equals(text));
    }

    @Test
    void aJobWithoutATokenIsRefused() {
        assertEquals(
                new Refusal(Reason.TOKEN_MISSING, "missing auth token"),
                rig.orchestrator.submit(Optional.empty(), Rig.job(1), Payment.NONE, rig.deadline()));
    }

    @Test
    void aTokenOfLongAgoIsRefusedButStillEndsItsSession() {
        AuthToken token = rig.token();
        rig.clock.advance(Duration.ofMinutes(31));
        assertEquals(new Refusal(Reason.TOKEN_EXPIRED, "expired auth token"), rig.submit(token, Rig.job(1)));
        assertEquals(Optional.empty(), rig.orchestrator.end(token, rig.deadline()));
    }

    @Test
    void aForgedTokenEndsNothing() {
        AuthToken token = rig.token();
        rig.done(rig.submit(token, Rig.job(1)));
        AuthToken forged = new AuthToken(Bytes.EMPTY, token.session(), token.expiration());
        assertEquals(
                Optional.of(new Refusal(Reason.TOKEN_INVALID, "the auth token is not one of this orchestrator")),
                rig.orchestrator.end(forged, rig.deadline()));
        assertEquals(1, rig.orchestrator.sessions().size());
    }

    @Test
    void endingASessionThatNeverBeganSucceeds() {
        assertEquals(Optional.empty(), rig.orchestrator.end(rig.token(), rig.deadline()));
        assertEquals(List.of(), rig.orchestrator.sessions());
    }

    @Test
    void aTokenSurvivesARestartWithTheSameSecret() {
        Bytes secret = NodeSecret.fresh();
        Rig before = new Rig(OrchestratorSettings.STANDARD, secret, Leased.Limits.STANDARD);
        before.orchestrator.add(pipeline, Rig.SOMEBODY);
        AuthToken token = before.token();
        before.orchestrator.close();
        Rig after = new Rig(OrchestratorSettings.STANDARD, secret, Leased.Limits.STANDARD);
        after.orchestrator.add(pipeline, Rig.SOMEBODY);
        after.done(after.submit(token, Rig.job(1)));
        assertEquals(
                new Refusal(Reason.TOKEN_INVALID, "invalid auth token"), rig.submit(token, Rig.job(1)));
    }

    @Test
    void aSegmentOfFiveMinutesPassesAndALongerOneDoesNot() {
        AuthToken token = rig.token();
        rig.done(rig.submit(token, lasting(Duration.ofMinutes(5))));
        rig.done(rig.submit(token, lasting(Duration.ZERO)));
        Refusal malformed = new Refusal(Reason.MALFORMED, "a segment lasts 0 to 5 minutes");
        assertEquals(malformed, rig.submit(token, lasting(Duration.ofMinutes(5).plusMillis(1))));
        assertEquals(malformed, rig.submit(token, lasting(Duration.ofMillis(-1))));
    }

    private static Job lasting(Duration duration) {
        Payload payload = new Payload.Transcode(
                new ManifestId("movie"), 1, duration, List.of(Rig.SMALL), Optional.empty(), false);
        return new Job(Rig.SPEC, payload, Body.of(Rig.INPUT));
    }

    @Test
    void aBodyThatIsNotWhatItsHashSaysIsRefusedAndLeavesNoSession() {
        Refusal mismatch = new Refusal(Reason.BODY_MISMATCH, "Forbidden");
        Job job = new Job(Rig.SPEC, Rig.segment(1, Rig.SMALL), limit -> new Body.Read.Rejected(mismatch));
        assertEquals(mismatch, rig.submit(rig.token(), job));
        assertEquals(List.of(), rig.orchestrator.sessions());
    }

    @Test
    void aBodyOverTheLimitIsRefused() {
        assertEquals(300_000_000, OrchestratorSettings.STANDARD.maxBodyBytes());
        rig.settings = Rig.settings(10, 3, false);
        Refusal refusal = assertInstanceOf(Refusal.class, rig.submit(rig.token(), Rig.job(1)));
        assertEquals(Reason.BODY_TOO_LARGE, refusal.reason());
    }

    @Test
    void aPaymentWithoutAJobIsAnsweredWithTheNextOfferUnderTheSameToken() {
        AuthToken token = rig.token();
        Offer next = assertInstanceOf(
                Offer.class, rig.orchestrator.credit(Optional.of(token), BALANCE, Payment.NONE, rig.deadline()));
        assertEquals(token, next.token());
        assertEquals(
                Reason.PAYMENT,
                assertInstanceOf(Refusal.class, rig.orchestrator.credit(Optional.of(token), BALANCE, DIRTY, rig.deadline()))
                        .reason());
        assertEquals(
                Reason.TOKEN_MISSING,
                assertInstanceOf(
                                Refusal.class,
                                rig.orchestrator.credit(Optional.empty(), BALANCE, Payment.NONE, rig.deadline()))
                        .reason());
    }

    @Test
    void aNodeThatDrainsTakesNothingNew() {
        AuthToken token = rig.token();
        assertTrue(rig.orchestrator.drain(rig.deadline()));
        assertEquals(Reason.DRAINING, assertInstanceOf(Refusal.class, rig.quote()).reason());
        assertEquals(
                Reason.DRAINING,
                assertInstanceOf(Refusal.class, rig.submit(token, Rig.job(1))).reason());
        assertEquals(1, rig.orchestrator.obstacles().size());
    }

    @Test
    void aNodeThatIsShutServesTheSessionsItHas() {
        AuthToken running = rig.token();
        AuthToken late = rig.token();
        rig.done(rig.accepted(running, 1));
        rig.orchestrator.shut();
        assertTrue(rig.orchestrator.draining());
        rig.done(rig.accepted(running, 2));
        assertEquals(Reason.DRAINING, assertInstanceOf(Refusal.class, rig.quote()).reason());
        assertEquals(
                Reason.DRAINING,
                assertInstanceOf(Refusal.class, rig.submit(late, Rig.job(1))).reason());
        assertFalse(rig.orchestrator.awaitIdle(new Deadline(Instant.EPOCH)));
        rig.orchestrator.end(running, rig.deadline());
        assertTrue(rig.orchestrator.awaitIdle(rig.deadline()));
        assertEquals(
                Reason.DRAINING,
                assertInstanceOf(Refusal.class, rig.submit(running, Rig.job(3))).reason());
    }

    @Test
    void aSessionIdIsNeverTakenFromAGateway() {
        AuthToken token = rig.token();
        AuthToken renamed = new AuthToken(token.token(), new SessionId("../../etc"), token.expiration());
        assertEquals(new Refusal(Reason.TOKEN_INVALID, "invalid auth token"), rig.submit(renamed, Rig.job(1)));
    }
}
