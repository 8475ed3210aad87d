package io.millrace.api.compute;

import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import io.millrace.api.value.Registration;
import io.millrace.api.value.SessionId;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One kind of compute. The host owns transport, payment, health and advertising; a pipeline owns the
 * work. Each call comes on a platform thread of the host's, for that call alone, with the pipeline's class
 * loader as its context; native work belongs on the pipeline's own bounded threads.
 *
 * <p>The host waits 5 s for what a pipeline says of itself and for a reservation to be made or taken back,
 * for work until its deadline, and 5 s more once it has interrupted the call. A call that is not back by then
 * is left behind. A pipeline with three such calls gets no more until they have returned; where its sessions name
 * the worker that does their work, only that worker does. What it throws fails the job in hand, and the bundle is
 * named to the operator.
 */
@ConsumerType
public interface Pipeline {

    /** A short name for logs and metrics, such as {@code ffmpeg}. */
    String name();

    /**
     * What it can do now. Asked when the pipeline comes and when it has told of a change, not for each job; it
     * answers from memory.
     */
    Capabilities capabilities();

    /**
     * Asks to be told when the capabilities, or how much there is of them, have changed. The pipeline runs
     * {@code changed} on any thread and holds no lock meanwhile. A pipeline whose capabilities never change ignores
     * it.
     *
     * @return closing it ends the telling
     */
    default Registration watch(Runnable changed) {
        return () -> {};
    }

    /**
     * What the operator asks for its work, by the capability's number and the model's name; what is not named costs
     * what the node asks for everything. Asked along with the capabilities.
     */
    default Map<Integer, Map<String, Price>> prices() {
        return Map.of();
    }

    /** One line for the operator: what does the work here, and why that; empty for nothing to say. */
    default String detail() {
        return "";
    }

    /**
     * Sets capacity aside for a session; given back by closing the reservation. It is asked before the payment is
     * looked at, so that nobody pays for what there is no room for.
     *
     * @param spec what the job needs, with its capability and model where it is for one
     */
    Reservation reserve(SessionId session, JobSpec spec);
}
