package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.Reservation;
import io.millrace.api.job.JobSpec;
import io.millrace.api.node.NodeEvent.Misbehaved;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Registration;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.NodeSecret;
import io.millrace.kernel.lease.Leased;
import io.millrace.testkit.PassThroughPipeline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is known of pipelines. */
class RosterTest {

    private final PassThroughPipeline work = new PassThroughPipeline();
    private final Changing changing = new Changing();
    private final Rig rig = new Rig(
            OrchestratorSettings.STANDARD,
            NodeSecret.fresh(),
            new Leased.Limits(Duration.ofSeconds(5), Duration.ofSeconds(30), 10));

    /** Says that it has changed when the test wants. */
    private final class Changing implements Pipeline {

        private final AtomicInteger asked = new AtomicInteger();
        private volatile Capabilities now = work.capabilities();
        private volatile Runnable told = () -> {};
        private volatile Runnable whenAsked = () -> {};
        private volatile boolean watched;

        @Override
        public String name() {
            return "changing";
        }

        @Override
        public Capabilities capabilities() {
            asked.incrementAndGet();
            whenAsked.run();
            return now;
        }

        @Override
        public Registration watch(Runnable changed) {
            told = changed;
            watched = true;
            return () -> watched = false;
        }

        @Override
        public Reservation reserve(SessionId session, JobSpec spec) {
            return work.reserve(session, spec);
        }
    }

    @Test
    void aPipelineIsAskedWhenItComesAndWhenItTellsOfAChangeAndNeverForAJob() {
        rig.orchestrator.add(changing, Rig.SOMEBODY);
        AuthToken token = rig.token();
        for (int i = 0; i < 10; i++) {
            rig.done(rig.submit(token, Rig.job(i)));
        }
        assertEquals(1, changing.asked.get());
        changing.now = Capabilities.NONE;
        changing.told.run();
        assertEquals(2, changing.asked.get());
        assertEquals(Refusal.Reason.UNAVAILABLE, assertInstanceOf(Refusal.class, rig.quote()).reason());
        rig.orchestrator.remove(changing);
        assertEquals(false, changing.watched);
    }

    @Test
    void aJobThatWaitsForACapabilityHearsOfTheChange() {
        rig.orchestrator.add(changing, Rig.SOMEBODY);
        AuthToken token = rig.token();
        rig.orchestrator.remove(changing);
        changing.now = Capabilities.NONE;
        rig.orchestrator.add(changing, Rig.SOMEBODY);
        Accepted waiting = rig.accepted(token, 1);
        changing.now = work.capabilities();
        changing.told.run();
        rig.done(waiting);
    }

    @Test
    void aPipelineThatChangesEachTimeItIsAskedIsAskedNoMoreThanTenTimes() {
        changing.whenAsked = () -> changing.told.run();
        rig.orchestrator.add(changing, Rig.SOMEBODY);
        assertTrue(changing.asked.get() <= 10, changing.asked + " times");
        assertTrue(rig.events.await(Misbehaved.class).what().contains("tells of a change each time"));
        rig.done(rig.submit(rig.token(), Rig.job(1)));
    }
}
