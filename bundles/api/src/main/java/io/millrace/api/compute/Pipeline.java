package io.millrace.api.compute;

import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.SessionId;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One kind of compute. The host owns transport, payment, health and advertising; a pipeline owns the
 * work. Calls come on virtual threads: native work belongs on the pipeline's own bounded platform
 * threads.
 */
@ConsumerType
public interface Pipeline {

    /** A short name for logs and metrics, such as {@code ffmpeg}. */
    String name();

    /** What it can do now. Asked for each quote, so it answers from memory. */
    Capabilities capabilities();

    /** One line for the operator: what does the work here, and why that; empty for nothing to say. */
    default String detail() {
        return "";
    }

    /** Sets capacity aside for a session; given back by closing the reservation. */
    Reservation reserve(SessionId session, JobSpec spec);
}
