package org.example.captions;

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
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** Turns SubRip captions into WebVTT. */
@Component(service = Pipeline.class, configurationPid = "org.example.captions")
@Designate(ocd = CaptionsSettings.class)
public final class CaptionsPipeline implements Pipeline {

    /** What callers ask for. */
    static final String CAPABILITY = "srt-to-vtt";

    /** Less than a second's work, and the network pays for whole seconds. */
    private static final long UNITS = 1;

    private final int sessions;
    private final int maxBytes;
    private final Semaphore free;

    /** Ready at once. */
    @Activate
    public CaptionsPipeline(CaptionsSettings settings) {
        this(settings.sessions(), settings.maxBytes());
    }

    CaptionsPipeline(int sessions, int maxBytes) {
        this.sessions = sessions;
        this.maxBytes = maxBytes;
        free = new Semaphore(sessions);
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

    private Result convert(Bytes input) {
        if (input.isEmpty() || input.size() > maxBytes) {
            return failed(CAPABILITY + " takes 1 to " + maxBytes + " bytes");
        }
        try {
            Bytes captions = Bytes.utf8(SubRip.toWebVtt(input.utf8()));
            return Result.made(Result.Artifact.of("captions", ".vtt", captions).withUnits(UNITS));
        } catch (IllegalArgumentException e) {
            return failed("these are no SubRip captions: " + e.getMessage());
        }
    }

    private static Result failed(String message) {
        return Result.failed(Failure.Kind.INPUT, message);
    }

    /** One of the places in {@link #free}. */
    private final class Session implements PipelineSession {

        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public Result run(Payload payload, Bytes input, Deadline deadline) {
            return payload instanceof Payload.Request ? convert(input) : failed(CAPABILITY + " takes requests only");
        }

        @Override
        public void close() {
            if (!closed.getAndSet(true)) {
                free.release();
            }
        }
    }
}
