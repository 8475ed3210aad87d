package io.millrace.api.compute;

import io.millrace.api.job.Failure;
import io.millrace.api.job.LivePorts;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.MessageSink;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A pipeline's capacity in the hands of one session. Unary jobs come one at a time. A pipeline
 * overrides the shapes that it serves.
 */
@ConsumerType
public non-sealed interface PipelineSession extends Reservation, AutoCloseable {

    /**
     * Unary: bytes in, artifacts out. Blocks until done; an interrupt cancels.
     *
     * @return made, or failed with the exact text of the wire
     */
    default Result run(Payload payload, Bytes input, Deadline deadline) {
        return new Result.Failed(new Failure(Failure.Kind.INPUT, "this pipeline answers no single requests"));
    }

    /** Server stream: messages are sent while they are made; the host closes the sink. */
    default Result stream(Payload.Request request, Bytes input, MessageSink answers, Deadline deadline) {
        return new Result.Failed(new Failure(Failure.Kind.INPUT, "this pipeline answers no streams"));
    }

    /** Live session: works until its input ends or the ports are closed. */
    default Result live(LiveSpec spec, LivePorts ports) {
        return new Result.Failed(new Failure(Failure.Kind.INPUT, "this pipeline serves no live sessions"));
    }

    /** Gives the capacity back; harmless twice. */
    @Override
    void close();
}
