package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers each job as the test says, and knows how much of it is in use. */
final class AnsweringPipeline implements Pipeline {

    /** What a job becomes. */
    interface Answer {
        Result to(Payload.Transcode job, Bytes input) throws InterruptedException;
    }

    final AtomicInteger seats = new AtomicInteger();
    final AtomicInteger running = new AtomicInteger();
    final AtomicBoolean gone = new AtomicBoolean();
    final AtomicBoolean usedWhenGone = new AtomicBoolean();
    final AtomicInteger made = new AtomicInteger();
    volatile boolean full;
    volatile boolean reserveThrows;
    volatile Runnable asked = () -> {};
    volatile Runnable reserving = () -> {};
    volatile Runnable closing = () -> {};

    private final Answer answer;

    AnsweringPipeline(Answer answer) {
        this.answer = answer;
    }

    @Override
    public String name() {
        return "answering";
    }

    @Override
    public Capabilities capabilities() {
        usedWhenGone.compareAndSet(false, gone.get());
        asked.run();
        return Capabilities.of(Capability.H264, Capability.MPEGTS).withCapacity(1);
    }

    @Override
    public Reservation reserve(SessionId session, JobSpec spec) {
        usedWhenGone.compareAndSet(false, gone.get());
        if (full) {
            return new Reservation.Capped("OrchestratorCapped");
        }
        if (reserveThrows) {
            throw new IllegalStateException("on purpose");
        }
        reserving.run();
        seats.incrementAndGet();
        made.incrementAndGet();
        return new Seat();
    }

    private final class Seat implements PipelineSession {

        private final AtomicBoolean open = new AtomicBoolean(true);

        @Override
        public Result run(Payload payload, Bytes input, Deadline deadline) {
            running.incrementAndGet();
            try {
                return answer.to((Payload.Transcode) payload, input);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted, as the test wanted", e);
            } finally {
                usedWhenGone.compareAndSet(false, gone.get());
                running.decrementAndGet();
            }
        }

        @Override
        public void close() {
            closing.run();
            if (open.compareAndSet(true, false)) {
                seats.decrementAndGet();
            }
        }
    }
}
