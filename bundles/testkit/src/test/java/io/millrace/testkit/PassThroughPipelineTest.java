package io.millrace.testkit;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.ManifestId;
import java.util.List;
import java.util.Optional;

class PassThroughPipelineTest extends PipelineContract {
    @Override
    protected Pipeline pipeline() {
        return new PassThroughPipeline();
    }

    @Override
    protected Payload payload() {
        VideoProfile small = VideoProfile.h264("small", 160, 90, 100_000, 30);
        return new Payload.Transcode(
                new ManifestId("contract"), 0, SampleSegments.DURATION, List.of(small), Optional.empty(), false);
    }

    @Override
    protected Bytes input() {
        return SampleSegments.data(0);
    }
}
