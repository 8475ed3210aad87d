package io.millrace.runner;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.millrace.api.compute.PipelineSession;
import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.AiRunner;
import io.millrace.testkit.InMemoryBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A pipeline in front of one real runner. */
final class RunnerRig implements AutoCloseable {

    final InMemoryBudget heap = InMemoryBudget.ample();
    final AiRunner runner;
    final Path file;
    final RunnerPipeline pipeline;
    final AtomicInteger changes = new AtomicInteger();

    RunnerRig() {
        try {
            runner = new AiRunner(0);
            file = Files.createTempFile("aiModels", ".json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pipeline = new RunnerPipeline(Optional.of(file), 1, Duration.ofSeconds(5), heap, InstantSource.system());
        pipeline.watch(changes::incrementAndGet);
    }

    /** An entry of the file, at the runner. */
    String entry(String pipelineName, String model, String more) {
        return "{\"pipeline\":\"" + pipelineName + "\",\"model_id\":\"" + model + "\",\"url\":\"" + runner.url() + "\","
                + "\"warm\":true" + (more.isEmpty() ? "" : "," + more) + "}";
    }

    /** Writes the file and has it looked at. */
    void models(String... entries) {
        try {
            Files.writeString(file, "[" + String.join(",", entries) + "]");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pipeline.look();
    }

    static JobSpec spec(int capability, String model) {
        return JobSpec.needing(Capabilities.of(capability)).forModel(capability, model);
    }

    PipelineSession reserve(String pipelineName, String model) {
        return assertInstanceOf(
                PipelineSession.class,
                pipeline.reserve(
                        new SessionId("s"), spec(Capability.ofPipeline(pipelineName).orElseThrow(), model)));
    }

    static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(30), InstantSource.system());
    }

    @Override
    public void close() {
        pipeline.close();
        runner.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
