package io.millrace.media.rtmp;

import io.millrace.api.gateway.StreamGate;
import io.millrace.api.gateway.StreamGate.Opening;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.resource.Budget;
import io.millrace.media.cut.CutRule;
import io.millrace.media.profile.Ladder;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Admits publishers to the gateway. It checks the stream key first, then how many publishers there are, then the
 * name. Thread-safe.
 */
final class GatewayAuthorizer implements PublishAuthorizer {

    private static final String DENIED = "NetStream.Publish.Denied";
    private static final String REJECTED = "NetStream.Publish.Rejected";
    private static final String BAD_NAME = "NetStream.Publish.BadName";
    private static final String TOO_MANY = "Too many connections";

    private final StreamGate gate;
    private final Ladder ladder;
    private final Supplier<StreamKeys> keys;
    private final Supplier<RtmpLimits> limits;
    private final Budget budget;
    private final InstantSource clock;
    private final AtomicInteger publishers = new AtomicInteger();

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

    private Admission open(StreamName name) {
        StreamSpec spec = new StreamSpec(name.manifest(), ladder.profiles(), "rtmp", false, 1);
        return switch (gate.open(spec)) {
            case Opening.Opened opened -> {
                CutRule rule = CutRule.of(limits.get().segment(), limits.get().segmentBytes());
                yield new Admission.Admitted(
                        new RtmpPublication(
                                opened.stream(), rule, budget.open("rtmp segment"), clock, publishers::decrementAndGet));
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
