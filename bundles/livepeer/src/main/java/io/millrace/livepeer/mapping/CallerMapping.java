package io.millrace.livepeer.mapping;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Caller;
import io.millrace.livepeer.wire.OrchestratorRequest;

/** Who asks for an offer. */
public final class CallerMapping {

    private CallerMapping() {}

    /** To the wire; a job that needs nothing in particular asks for everything. */
    public static OrchestratorRequest toWire(JobSpec spec, Caller caller) {
        OrchestratorRequest.Builder message = OrchestratorRequest.newBuilder()
                .setAddress(FixedBytes.write(caller.address().bytes()))
                .setSig(FixedBytes.write(caller.signature()));
        spec.needs().ifPresent(needs -> message.setCapabilities(CapabilitiesMapping.toWire(needs)));
        return message.build();
    }

    /** From the wire. */
    public static Caller fromWire(OrchestratorRequest message) {
        return new Caller(FixedBytes.address(message.getAddress()), FixedBytes.any(message.getSig()));
    }
}
