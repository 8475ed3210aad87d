package io.millrace.testkit;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;

class TextPipelineTest extends PipelineContract {
    @Override
    protected Pipeline pipeline() {
        return new TextPipeline();
    }

    @Override
    protected Payload payload() {
        return Payload.Request.of(TextPipeline.CAPABILITY, "").contentType("text/plain").build();
    }

    @Override
    protected Bytes input() {
        return Bytes.utf8("mill");
    }
}
