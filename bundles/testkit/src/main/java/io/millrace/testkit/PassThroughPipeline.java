package io.millrace.testkit;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * "Transcodes" a segment by answering it unchanged as each rendition; its units are width times height
 * of the profile. It can be held up, so that a test sees what happens meanwhile.
 */
public final class PassThroughPipeline implements Pipeline {

    private static final int SESSIONS = 100;

    private final Semaphore gate = new Semaphore(Integer.MAX_VALUE);
    private final Semaphore arrivals = new Semaphore(0);
    private final Semaphore room = new Semaphore(SESSIONS);

    @Override
    public String name() {
        return "pass-through";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of(
                        Capability.H264,
                        Capability.MPEGTS,
                        Capability.MP4,
                        Capability.FRACTIONAL_FRAMERATES,
                        Capability.H264_BASELINE_PROFILE,
                        Capability.H264_MAIN_PROFILE,
                        Capability.H264_HIGH_PROFILE,
                        Capability.H264_CONSTRAINED_HIGH_PROFILE,
                        Capability.GOP,
                        Capability.SEGMENT_SLICING)
                .withCapacity(1);
    }

    /** From now on work waits until it is let go. */
    public void hold() {
        gate.drainPermits();
    }

    /** Lets {@code count} segments through. */
    public void release(int count) {
        gate.release(count);
    }

    /** Waits until a segment has arrived that was not awaited before. */
    public void awaitArrival() throws InterruptedException {
        if (!arrivals.tryAcquire(30, TimeUnit.SECONDS)) {
            throw new AssertionError("no segment arrived at the pipeline");
        }
    }

    @Override
    public Reservation reserve(SessionId session, JobSpec spec) {
        return room.tryAcquire() ? new Session() : new Reservation.Capped("OrchestratorCapped");
    }

    private final class Session implements PipelineSession {

        private boolean closed;

        @Override
        public Result run(Payload payload, Bytes input, Deadline deadline) {
            if (!(payload instanceof Payload.Transcode transcode)) {
                return Result.failed(Failure.Kind.INPUT, "this pipeline takes segments");
            }
            arrivals.release();
            try {
                gate.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Result.failed(Failure.Kind.CANCELLED, "cancelled");
            }
            return Result.made(transcode.profiles().stream()
                    .map(profile -> Artifact.of(profile.name(), profile.format().extension(), input)
                            .withUnits((long) profile.width() * profile.height()))
                    .toList());
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                room.release();
            }
        }
    }
}
