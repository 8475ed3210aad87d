package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.MediaPart;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.LiveSession;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.testkit.TextPipeline;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Live sessions, and who holds their ends. */
class LiveTest {

    private static final JobSpec SPEC =
            JobSpec.needing(Capabilities.of(TextPipeline.CAPABILITY)).forModel(TextPipeline.CAPABILITY, "");
    private static final ManifestId NAME = new ManifestId("live");

    private final Rig rig = new Rig(new TextPipeline());
    private final AuthToken token = rig.token();

    private LiveOpening open(String name) {
        return rig.orchestrator.open(
                Optional.of(token), new LiveSpec(new ManifestId(name), SPEC, ">"), Payment.NONE, rig.deadline());
    }

    private LiveOpening attach(AuthToken by, ManifestId name) {
        return rig.orchestrator.attach(Optional.of(by), name, rig.deadline());
    }

    private static LiveSession opened(LiveOpening opening) {
        return assertInstanceOf(LiveOpening.Opened.class, opening).session();
    }

    private String answer(LiveSession live, long segment) {
        live.ports().media().send(MediaPart.whole(segment, Bytes.utf8("a")), rig.deadline());
        return live.ports().result().next(rig.deadline()).orElseThrow().data().utf8();
    }

    @Test
    void anotherTransportTakesASessionUpAndTheFormerOneGetsNothingMore() {
        LiveSession former = opened(open("live"));
        assertEquals(NAME, former.manifest());
        assertEquals(token.session(), former.session());
        assertEquals(">a", answer(former, 0));
        LiveSession next = opened(attach(token, NAME));
        assertThrows(Fault.class, () -> answer(former, 1));
        former.close();
        assertEquals(">a", answer(next, 1));
        next.close();
        rig.events.await(NodeEvent.JobServed.class);
    }

    @Test
    void onlyASessionThatRunsUnderTheTokenIsTakenUp() {
        opened(open("live"));
        assertInstanceOf(Refusal.class, attach(token, new ManifestId("other")));
        assertInstanceOf(Refusal.class, attach(rig.token(), NAME));
        assertEquals(
                Refusal.Reason.TOKEN_MISSING,
                assertInstanceOf(
                                Refusal.class, rig.orchestrator.attach(Optional.empty(), NAME, rig.deadline()))
                        .reason());
    }

    @Test
    void asNamesAreUniqueASecondSessionOfOneNameIsRefused() {
        LiveSession live = opened(open("live"));
        assertEquals(
                Refusal.Reason.MALFORMED,
                assertInstanceOf(Refusal.class, open("live")).reason());
        opened(open("other"));
        assertEquals(">a", answer(live, 0));
    }

    @Test
    void aSessionInWhichNothingIsSentEnds() {
        LiveSession live = opened(open("live"));
        rig.pass(OrchestratorSettings.STANDARD.sessionIdle());
        assertEquals(Optional.empty(), live.ports().result().next(rig.deadline()));
        rig.events.await(NodeEvent.JobServed.class);
        assertTrue(rig.orchestrator.awaitQuiet(rig.deadline()));
        assertInstanceOf(Refusal.class, attach(token, NAME));
    }

    @Test
    void theEndOfTheSessionEndsItsLiveSessions() {
        LiveSession live = opened(open("live"));
        rig.orchestrator.end(token, rig.deadline());
        assertEquals(Optional.empty(), live.ports().result().next(rig.deadline()));
        assertEquals(1, rig.events.await(NodeEvent.SessionEnded.class).segments());
    }

    @Test
    void whatNobodyReadsIsForgottenWithTheSession() {
        LiveSession live = opened(open("live"));
        live.ports().media().send(MediaPart.whole(0, Bytes.utf8("a")), rig.deadline());
        live.ports().media().close();
        rig.events.await(NodeEvent.JobServed.class);
        assertTrue(rig.budget.used() > 0);
        rig.pass(OrchestratorSettings.STANDARD.sessionIdle());
        assertTrue(rig.orchestrator.awaitQuiet(rig.deadline()));
        assertEquals(0, rig.budget.used());
    }
}
