package io.millrace.itests.framework;

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
import org.slf4j.LoggerFactory;

/**
 * A third party's pipeline in a bundle of its own, which answers a segment as it came. When it is closed it logs an
 * exception whose stack trace refers to its classes; the log must not keep them loaded.
 */
public final class PassThroughPipeline implements Pipeline {

    @Override
    public String name() {
        return "shortcut";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of(
                        Capability.H264,
                        Capability.MPEGTS,
                        Capability.MP4,
                        Capability.H264_BASELINE_PROFILE,
                        Capability.H264_MAIN_PROFILE,
                        Capability.H264_HIGH_PROFILE,
                        Capability.H264_CONSTRAINED_HIGH_PROFILE,
                        Capability.FRACTIONAL_FRAMERATES,
                        Capability.GOP,
                        Capability.SEGMENT_SLICING)
                .withCapacity(1);
    }

    @Override
    public Reservation reserve(SessionId session, JobSpec spec) {
        return new PipelineSession() {
            @Override
            public Result run(Payload payload, Bytes input, Deadline deadline) {
                return payload instanceof Payload.Transcode transcode
                        ? Result.made(transcode.profiles().stream()
                                .map(profile -> Artifact.of(profile.name(), ".ts", input).withUnits(1))
                                .toList())
                        : Result.failed(Failure.Kind.INPUT, "segments only");
            }

            @Override
            public void close() {
                LoggerFactory.getLogger(PassThroughPipeline.class).info("It holds nothing", new IllegalStateException("closed"));
            }
        };
    }
}
