package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Result;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Registration;
import io.millrace.api.value.SessionId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Pipeline} does. An author extends it in the build of the pipeline, with a job that the
 * pipeline does:
 *
 * <pre>{@code
 * class EchoPipelineTest extends PipelineContract {
 *     protected Pipeline pipeline() {
 *         return new EchoPipeline(4);
 *     }
 *     protected Payload payload() {
 *         return Payload.Request.of(Capability.BYOC, "echo").contentType("text/plain").build();
 *     }
 *     protected Bytes input() {
 *         return Bytes.utf8("hello");
 *     }
 * }
 * }</pre>
 */
public abstract class PipelineContract {

    /** Time allowed for a job that succeeds. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A capability that the network does not have. */
    private static final int UNKNOWN = 9_999;

    /** The pipeline, ready for work. */
    protected abstract Pipeline pipeline();

    /** A job that it does. */
    protected abstract Payload payload();

    /** The input of that job. */
    protected abstract Bytes input();

    private static Deadline deadline() {
        return Deadline.in(PATIENCE, InstantSource.system());
    }

    /** As the host reserves: by capability and model where the job is for one. */
    private PipelineSession reserve(Pipeline pipeline, String name) {
        JobSpec spec = JobSpec.needing(pipeline.capabilities());
        return assertInstanceOf(
                PipelineSession.class,
                pipeline.reserve(
                        new SessionId(name),
                        payload() instanceof Payload.Request request
                                ? spec.forModel(request.capability(), request.model())
                                : spec));
    }

    @Test
    void itHasANameAndOffersSomething() {
        Pipeline pipeline = pipeline();
        assertFalse(pipeline.name().isBlank());
        assertFalse(pipeline.capabilities().ids().isEmpty());
        for (int id : pipeline.capabilities().ids()) {
            assertTrue(pipeline.capabilities().capacities().getOrDefault(id, 0) > 0, "capacity of " + id);
        }
    }

    @Test
    void itCanBeAskedToTellOfChangesAndToStop() {
        Pipeline pipeline = pipeline();
        Registration watch = pipeline.watch(() -> {});
        watch.close();
        watch.close();
    }

    @Test
    void aSessionSaysWhoDoesTheWorkAndMayEstimateIt() {
        try (PipelineSession session = reserve(pipeline(), "a")) {
            assertNotNull(session.worker());
            session.estimate(payload(), input()).ifPresent(units -> assertTrue(units >= 0, units + " units"));
        }
    }

    @Test
    void aJobIsDone() {
        try (PipelineSession session = reserve(pipeline(), "a")) {
            Result.Made made = assertInstanceOf(Result.Made.class, session.run(payload(), input(), deadline()));
            if (payload() instanceof Payload.Transcode transcode) {
                assertEquals(
                        transcode.profiles().stream().map(profile -> profile.name()).toList(),
                        made.artifacts().stream().map(Result.Artifact::name).toList());
            }
            made.artifacts().forEach(artifact -> assertFalse(artifact.data().isEmpty(), artifact.name()));
            assertTrue(made.units() > 0, "what was made costs nothing");
        }
    }

    @Test
    void aSessionDoesJobAfterJob() {
        try (PipelineSession session = reserve(pipeline(), "a")) {
            assertInstanceOf(Result.Made.class, session.run(payload(), input(), deadline()));
            assertInstanceOf(Result.Made.class, session.run(payload(), input(), deadline()));
        }
    }

    @Test
    void inputThatIsNoneFailsAndTheNextJobIsDone() {
        try (PipelineSession session = reserve(pipeline(), "a")) {
            assertDoesNotThrow(() -> session.run(payload(), Bytes.EMPTY, deadline()));
            assertInstanceOf(Result.Made.class, session.run(payload(), input(), deadline()));
        }
    }

    @Test
    void aJobThatIsGivenUpEnds() throws InterruptedException {
        try (PipelineSession session = reserve(pipeline(), "a")) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread job = Thread.ofVirtual().unstarted(() -> session.run(payload(), input(), deadline()));
            job.setUncaughtExceptionHandler((thread, failure) -> thrown.set(failure));
            job.start();
            job.interrupt();
            assertTrue(job.join(PATIENCE), "an interrupt does not end the job");
            assertNull(thrown.get(), "a job that is given up is a result, no exception");
        }
    }

    @Test
    void whatItIsNotMadeForFails() {
        try (PipelineSession session = reserve(pipeline(), "a")) {
            Payload other = payload() instanceof Payload.Transcode
                    ? Payload.Request.of(UNKNOWN, "").contentType("text/plain").build()
                    : new Payload.Transcode(
                            new ManifestId("a"), 0, Duration.ofSeconds(1), List.of(), Optional.empty(), false);
            assertInstanceOf(Result.Failed.class, session.run(other, input(), deadline()));
        }
    }

    @Test
    void capacityComesBackAndClosingTwiceIsHarmless() {
        Pipeline pipeline = pipeline();
        for (int i = 0; i < 200; i++) {
            PipelineSession session = reserve(pipeline, "session-" + i);
            session.close();
            session.close();
        }
    }
}
