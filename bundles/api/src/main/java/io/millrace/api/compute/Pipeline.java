package io.millrace.api.compute;

import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.SessionId;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One kind of compute. The host owns transport, payment, health and advertising; a pipeline owns the
 * work. Each call comes on a platform thread of the host's, for that call alone, with the pipeline's class
 * loader as its context; native work belongs on the pipeline's own bounded threads.
 *
 * <p>The host waits 5 s for what a pipeline says of itself and for a reservation to be made or taken back,
 * for work until its deadline, and 5 s more once it has interrupted the call. A call that is not back by then
 * is left behind, and a pipeline with three such calls gets no more until they have returned. What it throws
 * fails the job in hand, and the bundle is named to the operator.
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
