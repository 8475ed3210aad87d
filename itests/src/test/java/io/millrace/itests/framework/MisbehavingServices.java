package io.millrace.itests.framework;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.network.SelectionPolicy;
import io.millrace.api.publish.Publisher;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Services of third parties that break their contracts: a pipeline that does as its job says, a publisher that does
 * not return, a policy that cannot choose. Each of them is a bundle of its own in the test.
 */
public final class MisbehavingServices implements Pipeline, Publisher, SelectionPolicy {

    static final String CAPABILITY = "unruly";

    /** Calls that stay come back once this property is set: a bundle has classes of its own, and shares no latch. */
    static final String RELEASE = "millrace.itests.unruly.release";

    @Override
    public String name() {
        return CAPABILITY;
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of(Capability.BYOC)
                .withCapacity(100)
                .withModels(Map.of(
                        Capability.BYOC, Map.of(CAPABILITY, new Capabilities.Model(true, 100, "", 0))));
    }

    @Override
    public Reservation reserve(SessionId session, JobSpec spec) {
        return new PipelineSession() {
            @Override
            public Result run(Payload payload, Bytes input, Deadline deadline) {
                switch (input.utf8()) {
                    case "throw" -> throw new IllegalStateException("no flour");
                    case "break" -> throw new StackOverflowError("stones all the way down");
                    case "stay" -> stay();
                    default -> {
                        // an honest job
                    }
                }
                return Result.made(Artifact.of("answer", ".txt", input).withUnits(1));
            }

            @Override
            public void close() {
                // it holds nothing
            }
        };
    }

    @Override
    public Publication open(StreamSpec stream) {
        stay();
        throw new IllegalStateException("nothing was opened");
    }

    @Override
    public List<Ranked> rank(JobSpec spec, List<Candidate> candidates) {
        throw new IllegalStateException("heads or tails");
    }

    /** Deaf to interrupts. */
    private static void stay() {
        while (!Boolean.getBoolean(RELEASE)) {
            Thread.interrupted();
            LockSupport.parkNanos(10_000_000);
        }
    }
}
