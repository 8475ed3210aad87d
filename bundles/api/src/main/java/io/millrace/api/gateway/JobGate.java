package io.millrace.api.gateway;

import io.millrace.api.orchestrator.Job;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.value.Deadline;
import org.osgi.annotation.versioning.ProviderType;

/** The door for everything that is no media stream: AI requests and live sessions. */
@ProviderType
public interface JobGate {

    /**
     * Finds an orchestrator, submits and waits; tries the next one when one fails.
     *
     * @return done, failed, or a stream of messages
     */
    Completion request(Job job, Deadline deadline);

    /** Finds an orchestrator and opens a live session there. */
    LiveOpening open(LiveSpec spec, Deadline deadline);
}
