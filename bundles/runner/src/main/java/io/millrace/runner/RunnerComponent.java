package io.millrace.runner;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.Reservation;
import io.millrace.api.job.JobSpec;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import io.millrace.api.value.Registration;
import io.millrace.api.value.SessionId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runners as a service. */
@Component(service = Pipeline.class, configurationPid = "io.millrace.runner", immediate = true)
@Designate(ocd = RunnerSettings.class)
public final class RunnerComponent implements Pipeline {

    private static final Logger LOG = LoggerFactory.getLogger(RunnerComponent.class);

    /** How often the file and the runners are looked at (go-livepeer: ai/worker/docker.go). */
    private static final long LOOK_SECONDS = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RunnerPipeline pipeline;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("runner-look").factory());

    /** Looks at once, and then from time to time. */
    @Activate
    public RunnerComponent(
            @Reference(target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")") Budget heap, RunnerSettings settings) {
        String file = settings.models().strip();
        if (settings.pixelsPerUnit() < 1) {
            throw new IllegalArgumentException("pixelsPerUnit is " + settings.pixelsPerUnit() + ": give at least 1");
        }
        pipeline = new RunnerPipeline(
                file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)),
                settings.pixelsPerUnit(),
                PATIENCE,
                heap,
                InstantSource.system());
        if (!file.isEmpty()) {
            timer.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** A timer stops for good at the first exception. */
    private void look() {
        try {
            pipeline.look();
        } catch (RuntimeException e) {
            LOG.error("Looking at the runners failed; it is tried again in a moment", e);
        }
    }

    @Override
    public String name() {
        return pipeline.name();
    }

    @Override
    public Capabilities capabilities() {
        return pipeline.capabilities();
    }

    @Override
    public Map<Integer, Map<String, Price>> prices() {
        return pipeline.prices();
    }

    @Override
    public Registration watch(Runnable changed) {
        return pipeline.watch(changed);
    }

    @Override
    public String detail() {
        return pipeline.detail();
    }

    @Override
    public Reservation reserve(SessionId session, JobSpec spec) {
        return pipeline.reserve(session, spec);
    }

    @Deactivate
    void stop() {
        timer.shutdownNow();
        pipeline.close();
    }
}
