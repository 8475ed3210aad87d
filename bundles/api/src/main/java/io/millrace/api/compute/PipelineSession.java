package io.millrace.api.compute;

import io.millrace.api.job.Failure;
import io.millrace.api.job.LivePorts;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.MessageSink;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A pipeline's capacity in the hands of one session. Unary jobs come one at a time. A pipeline
 * overrides the shapes that it serves.
 */
@ConsumerType
public non-sealed interface PipelineSession extends Reservation, AutoCloseable {

    /**
     * Who does the work, where the pipeline has several that can fail alone: a remote worker, a container, a
     * device. When calls of one hang, the others go on. Empty for a pipeline that is one whole.
     */
    default String worker() {
        return "";
    }

    /**
     * Units that a job will cost, in the unit of the pipeline's price, where that can be told before it runs. The
     * host checks the sender's balance by it.
     */
    default OptionalLong estimate(Payload payload, Bytes input) {
        return OptionalLong.empty();
    }

    /**
     * Unary: bytes in, artifacts out. Blocks until done; an interrupt cancels.
     *
     * <p>An AI request is answered with a JSON document as the first artifact. Media that belong to it follow as
     * artifacts of their own, and where the document says {@code "url"}, it says the name and the
     * extension of one.
     *
     * @return made, or failed with the exact text of the wire
     */
    default Result run(Payload payload, Bytes input, Deadline deadline) {
        return Result.failed(Failure.Kind.INPUT, "this pipeline answers no single requests");
    }

    /**
     * Server stream: messages are sent while they are made; the host closes the sink.
     *
     * @return made, with the units that the stream cost, or failed
     */
    default Result stream(Payload.Request request, Bytes input, MessageSink<Bytes> answers, Deadline deadline) {
        return Result.failed(Failure.Kind.INPUT, "this pipeline answers no streams");
    }

    /**
     * Live session: works until its input ends or the ports are closed.
     *
     * @return made, with the units that the session cost, or failed
     */
    default Result live(LiveSpec spec, LivePorts ports) {
        return Result.failed(Failure.Kind.INPUT, "this pipeline serves no live sessions");
    }

    /** Gives the capacity back; harmless twice. */
    @Override
    void close();
}
