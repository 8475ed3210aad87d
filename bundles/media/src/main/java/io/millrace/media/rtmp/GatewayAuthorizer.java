package io.millrace.media.rtmp;

import io.millrace.api.gateway.StreamGate;
import io.millrace.api.gateway.StreamGate.Opening;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.resource.Budget;
import io.millrace.media.cut.CutRule;
import io.millrace.api.value.ManifestId;
import io.millrace.media.profile.Ladder;
import io.millrace.media.web.CountedWarnings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits publishers to the gateway. It checks the stream key first, then how many publishers there are, then the
 * name. Thread-safe.
 */
final class GatewayAuthorizer implements PublishAuthorizer {

    private static final String DENIED = "NetStream.Publish.Denied";
    private static final String REJECTED = "NetStream.Publish.Rejected";
    private static final String BAD_NAME = "NetStream.Publish.BadName";
    private static final String TOO_MANY = "Too many connections";

    private static final Logger LOG = LoggerFactory.getLogger(GatewayAuthorizer.class);
    private static final CountedWarnings WARNINGS = new CountedWarnings(LOG::warn, InstantSource.system());

    /** A publisher that sends nothing for so long may be replaced by one with its key. */
    private static final Duration SILENT = Duration.ofSeconds(2);

    /** Likewise where no keys are set, so that anybody may have come back. */
    private static final Duration SILENT_UNKEYED = Duration.ofSeconds(5);

    /** How long the newcomer waits until the last segment of the one before is handed in. */
    private static final Duration LEAVING = Duration.ofSeconds(3);

    private final StreamGate gate;
    private final Ladder ladder;
    private final Supplier<StreamKeys> keys;
    private final Supplier<RtmpLimits> limits;
    private final Budget budget;
    private final InstantSource clock;
    private final AtomicInteger publishers = new AtomicInteger();
    private final ConcurrentMap<ManifestId, Running> running = new ConcurrentHashMap<>();

    /** A publisher that was admitted, and what happens when it has left. */
    private record Running(RtmpPublication publication, CountDownLatch left) {}

    /** Asks for keys and limits anew with each publisher: they may be changed while others publish. */
    GatewayAuthorizer(
            StreamGate gate,
            Ladder ladder,
            Supplier<StreamKeys> keys,
            Supplier<RtmpLimits> limits,
            Budget budget,
            InstantSource clock) {
        this.gate = gate;
        this.ladder = ladder;
        this.keys = keys;
        this.limits = limits;
        this.budget = budget;
        this.clock = clock;
    }

    @Override
    public Admission admit(StreamName name, String peer) {
        if (!keys.get().admits(name.manifest(), name.key())) {
            return new Admission.Refused(DENIED, "the stream key for " + name.manifest() + " is missing or wrong");
        }
        takeOver(name.manifest(), keys.get() == StreamKeys.OPEN ? SILENT_UNKEYED : SILENT);
        if (publishers.incrementAndGet() > limits.get().publishers()) {
            publishers.decrementAndGet();
            return new Admission.Refused(REJECTED, TOO_MANY);
        }
        Admission admission = null;
        try {
            admission = open(name);
            return admission;
        } finally {
            if (!(admission instanceof Admission.Admitted)) {
                publishers.decrementAndGet();
            }
        }
    }

    /**
     * A publisher whose network broke is still connected for us while it comes back. Who comes with the right key
     * takes its place, if nothing has come from it for a while: two that send at once do not end each other.
     * MediaMTX does so too (overridePublisher).
     */
    private void takeOver(ManifestId manifest, Duration silent) {
        Running before = running.get(manifest);
        if (before == null || clock.instant().isBefore(before.publication.lastHeard().plus(silent))) {
            return;
        }
        WARNINGS.warn("silent", "Stream " + manifest + ": nothing comes from its publisher any more, and another with"
                + " the right key takes its place");
        before.publication.end();
        try {
            if (!before.left.await(LEAVING.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Stream {}: the silent publisher has not left yet", manifest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Admission open(StreamName name) {
        StreamSpec spec = new StreamSpec(name.manifest(), ladder.profiles(), "rtmp", false, 1);
        return switch (gate.open(spec)) {
            case Opening.Opened opened -> {
                CutRule rule = CutRule.of(limits.get().segment(), limits.get().segmentBytes());
                CountDownLatch left = new CountDownLatch(1);
                RtmpPublication publication =
                        new RtmpPublication(opened.stream(), rule, budget.open("rtmp segment"), clock, () -> {
                            publishers.decrementAndGet();
                            running.computeIfPresent(
                                    name.manifest(), (key, now) -> now.left == left ? null : now);
                            left.countDown();
                        });
                running.put(name.manifest(), new Running(publication, left));
                yield new Admission.Admitted(publication);
            }
            case Opening.Denied denied ->
                    switch (denied.reason()) {
                        case DUPLICATE ->
                                new Admission.Refused(
                                        BAD_NAME, "StreamAlreadyExists: " + name.manifest() + " is being published");
                        case CAPPED -> new Admission.Refused(REJECTED, TOO_MANY);
                        case DRAINING -> new Admission.Refused(REJECTED, denied.message());
                    };
        };
    }
}
