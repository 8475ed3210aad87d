package io.millrace.runner;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import io.millrace.testkit.PipelineContract;
import org.junit.jupiter.api.AfterEach;

/** Runners as any other pipeline. */
class RunnerPipelineContractTest extends PipelineContract {

    private final RunnerRig rig = new RunnerRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    @Override
    protected Pipeline pipeline() {
        rig.models(rig.entry("text-to-image", "m", "\"capacity\":4"));
        return rig.pipeline;
    }

    @Override
    protected Payload payload() {
        return Payload.Request.of(Capability.TEXT_TO_IMAGE, "m").units(4096).build();
    }

    @Override
    protected Bytes input() {
        return Bytes.utf8("{\"model_id\":\"m\",\"prompt\":\"a river\"}");
    }
}
