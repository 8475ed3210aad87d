package io.millrace.ffmpeg;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.testkit.PipelineContract;
import io.millrace.testkit.SampleSegments;
import java.util.List;
import java.util.Optional;

class FfmpegPipelineContractTest extends PipelineContract {

    @Override
    protected Pipeline pipeline() {
        return Codec.PIPELINE;
    }

    @Override
    protected Payload payload() {
        return Codec.request(List.of(Codec.profile(160, 90, 30), Codec.profile(256, 144, 0)), Optional.empty());
    }

    @Override
    protected Bytes input() {
        return SampleSegments.data(0);
    }
}
