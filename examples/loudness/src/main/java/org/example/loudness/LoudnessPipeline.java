package org.example.loudness;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** Measures the loudness of the sound in a file, as broadcasters ask for it. */
@Component(service = Pipeline.class, configurationPid = "org.example.loudness")
@Designate(ocd = LoudnessSettings.class)
public final class LoudnessPipeline implements Pipeline {

    /** What callers ask for. */
    static final String CAPABILITY = "loudness";

    private final int sessions;
    private final int maxBytes;
    private final boolean truePeak;
    private final InstantSource clock;
    private final NativeThreads threads;
    private final Semaphore free;

    /** Loads the native libraries where they are not loaded yet. */
    @Activate
    public LoudnessPipeline(LoudnessSettings settings) {
        this(
                settings.sessions(),
                settings.concurrency(),
                settings.maxBytes(),
                settings.truePeak(),
                Duration.ofSeconds(settings.stopSeconds()),
                InstantSource.system());
    }

    LoudnessPipeline(
            int sessions, int concurrency, int maxBytes, boolean truePeak, Duration stop, InstantSource clock) {
        this.sessions = sessions;
        this.maxBytes = maxBytes;
        this.truePeak = truePeak;
        this.clock = clock;
        threads = new NativeThreads(
                CAPABILITY, concurrency == 0 ? Runtime.getRuntime().availableProcessors() : concurrency, stop, clock);
        free = new Semaphore(sessions);
        av_log_set_level(AV_LOG_FATAL);
    }

    @Override
    public String name() {
        return CAPABILITY;
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of(Capability.BYOC)
                .withCapacity(sessions)
                .withModels(Map.of(
                        Capability.BYOC, Map.of(CAPABILITY, new Capabilities.Model(true, sessions, "", 0))));
    }

    @Override
    public Reservation reserve(SessionId session, JobSpec spec) {
        return free.tryAcquire()
                ? new Session()
                : new Reservation.Capped(CAPABILITY + " has " + sessions + " sessions, as many as allowed");
    }

    private Result measure(Bytes file, Deadline deadline) {
        if (file.isEmpty() || file.size() > maxBytes) {
            return failed(Failure.Kind.INPUT, CAPABILITY + " takes a file of 1 to " + maxBytes + " bytes");
        }
        Instant begin = clock.instant();
        return switch (threads.run(new Measurement(file.unsafeArray(), truePeak), deadline)) {
            case NativeThreads.Outcome.Done<Loudness> done -> made(done.value(), begin);
            case NativeThreads.Outcome.Failed<Loudness> failed -> new Result.Failed(failed.failure());
        };
    }

    private Result made(Loudness loudness, Instant begin) {
        // begun seconds are what the network pays for in a capability of this kind
        long seconds = 1 + Duration.between(begin, clock.instant()).toSeconds();
        return Result.made(Result.Artifact.of("loudness", ".json", Bytes.utf8(loudness.toJson()))
                .withUnits(seconds));
    }

    private static Result failed(Failure.Kind kind, String message) {
        return Result.failed(kind, message);
    }

    /** Waits for the files in work, so that no native call is left in a bundle that is gone. */
    @Deactivate
    void stop() {
        threads.close();
    }

    /** One of the places in {@link #free}. */
    private final class Session implements PipelineSession {

        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public Result run(Payload payload, Bytes input, Deadline deadline) {
            return payload instanceof Payload.Request
                    ? measure(input, deadline)
                    : failed(Failure.Kind.INPUT, CAPABILITY + " takes requests only");
        }

        @Override
        public void close() {
            if (!closed.getAndSet(true)) {
                free.release();
            }
        }
    }
}
