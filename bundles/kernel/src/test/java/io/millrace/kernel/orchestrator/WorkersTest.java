package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeEvent.Misbehaved;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pipeline with many workers, of which one does not return from its calls. */
class WorkersTest {

    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch stuck = new CountDownLatch(3);
    private final Fleet fleet = new Fleet("w1", "w2", "w3");
    private final Rig rig = new Rig(fleet);

    @AfterEach
    void release() {
        released.countDown();
        rig.orchestrator.close();
    }

    /** Gives each session to the worker with the fewest, and to {@code w1} first; {@code w1} hangs. */
    private final class Fleet implements Pipeline {

        private final Map<String, AtomicInteger> load = new ConcurrentHashMap<>();

        Fleet(String... workers) {
            for (String worker : workers) {
                load.put(worker, new AtomicInteger());
            }
        }

        @Override
        public String name() {
            return "fleet";
        }

        @Override
        public Capabilities capabilities() {
            return Capabilities.of(Capability.H264, Capability.MPEGTS).withCapacity(1);
        }

        @Override
        public synchronized Reservation reserve(SessionId session, JobSpec spec) {
            String worker = load.keySet().stream()
                    .sorted()
                    .min(Comparator.comparingInt(each -> load.get(each).get()))
                    .orElseThrow();
            load.get(worker).incrementAndGet();
            return new PipelineSession() {
                @Override
                public String worker() {
                    return worker;
                }

                @Override
                public Result run(Payload payload, Bytes input, Deadline deadline) {
                    if (worker.equals("w1")) {
                        stuck.countDown();
                        while (released.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                    }
                    return Result.made(List.of(
                            Artifact.of("small", ".ts", input), Artifact.of("large", ".ts", input)));
                }

                @Override
                public void close() {
                    load.get(worker).decrementAndGet();
                }
            };
        }
    }

    private Map<String, Integer> loads() {
        Map<String, Integer> all = new ConcurrentHashMap<>();
        fleet.load.forEach((worker, count) -> all.put(worker, count.get()));
        return all;
    }

    @Test
    void aWorkerWithThreeCallsThatHangIsSetAsideAndTheOthersGoOn() throws InterruptedException {
        rig.settings = Rig.sessions(100);
        List<Accepted> jobs = new ArrayList<>();
        List<AuthToken> tokens = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            tokens.add(rig.token());
            jobs.add(rig.accepted(tokens.getLast(), i));
        }
        assertTrue(stuck.await(30, TimeUnit.SECONDS));
        assertEquals(Map.of("w1", 3, "w2", 3, "w3", 3), loads());
        jobs.subList(1, 3).forEach(rig::done);
        rig.pass(Duration.ofSeconds(8));
        for (int i = 0; i < 9; i += 3) {
            assertEquals(
                    Failure.Kind.TIMEOUT, rig.failed(jobs.get(i)).failure().kind());
        }
        Misbehaved last = rig.events.await(Misbehaved.class, Misbehaved::setAside);
        assertTrue(last.what().contains("worker w1"), last.what());
        assertEquals(
                List.of("worker w1 of the pipeline of org.example.mill 1.0.0 does not return from its calls and gets no"
                        + " more jobs; restart that worker"),
                rig.orchestrator.cautions());

        // the sessions of w1 move on, and new ones never meet it although it has the fewest sessions
        tokens.forEach(token -> rig.done(rig.submit(token, Rig.job(10))));
        for (int i = 0; i < 12; i++) {
            rig.done(rig.submit(rig.token(), Rig.job(20)));
        }
        assertEquals(3, loads().get("w1"), "the three calls that hang");
        assertEquals(List.of(), rig.orchestrator.obstacles());

        released.countDown();
        while (loads().get("w1") > 0 || !rig.orchestrator.cautions().isEmpty()) {
            Thread.onSpinWait();
        }
        rig.done(rig.submit(rig.token(), Rig.job(30)));
        assertEquals(1, loads().get("w1"));
    }

    @Test
    void aPipelineThatNamesNoOtherWorkerIsFull() throws InterruptedException {
        rig.orchestrator.remove(fleet);
        Fleet alone = new Fleet("w1");
        rig.orchestrator.add(alone, Rig.SOMEBODY);
        List<Accepted> jobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            jobs.add(rig.accepted(rig.token(), i));
        }
        assertTrue(stuck.await(30, TimeUnit.SECONDS));
        rig.pass(Duration.ofSeconds(8));
        jobs.forEach(rig::failed);
        rig.events.await(Misbehaved.class, Misbehaved::setAside);
        assertEquals(Refusal.Reason.CAPPED, rig.refused(rig.token(), Rig.job(9)).reason());
        assertEquals(3, alone.load.get("w1").get());
    }
}
