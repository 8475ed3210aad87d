package io.millrace.livepeer.mapping;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.value.Capabilities;
import io.millrace.livepeer.wire.OrchestratorRequest;
import java.util.Map;
import java.util.Optional;

/** Maps the request for an offer, which says who asks. */
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

    /**
     * What is asked about, from the wire: a job for one capability and model where the request names just one model,
     * as go-livepeer does for AI jobs.
     */
    public static JobSpec spec(OrchestratorRequest message) {
        if (!message.hasCapabilities()) {
            return JobSpec.anything();
        }
        Capabilities needs = CapabilitiesMapping.fromWire(message.getCapabilities());
        JobSpec spec = JobSpec.needing(needs);
        if (needs.models().size() != 1) {
            return spec;
        }
        Map.Entry<Integer, Map<String, Capabilities.Model>> only =
                needs.models().entrySet().iterator().next();
        return only.getValue().size() == 1
                ? spec.forModel(only.getKey(), only.getValue().keySet().iterator().next())
                : spec;
    }

    /** From the wire. */
    public static Caller fromWire(OrchestratorRequest message) {
        return new Caller(FixedBytes.address(message.getAddress()), FixedBytes.any(message.getSig()), Optional.empty());
    }
}
