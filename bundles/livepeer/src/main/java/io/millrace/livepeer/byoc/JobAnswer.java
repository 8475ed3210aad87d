package io.millrace.livepeer.byoc;

import io.millrace.api.job.Failure;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.MessageSource;
import io.millrace.livepeer.serve.PlainText;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Writes the completion of a job as an HTTP response. A status below 500 is final; from 500 on, a gateway may try
 * another node.
 */
final class JobAnswer {

    private final Budget heap;

    /** Answers are charged to {@code heap} while they are written. */
    JobAnswer(Budget heap) {
        this.heap = heap;
    }

    /** A job that was not taken. */
    static void refuse(Refusal refusal, HttpServletResponse response) throws IOException {
        int status = switch (refusal.reason()) {
            case BODY_TOO_LARGE -> 413;
            case BODY_UNREADABLE, MALFORMED -> 400;
            default -> 503;
        };
        new PlainText(status, refusal.message()).send(response);
    }

    void send(Completion completion, Deadline deadline, HttpServletResponse response) throws IOException {
        switch (completion) {
            case Completion.Done done when done.outputs().size() == 1 -> {
                response.setStatus(done.status());
                done.headers().forEach(response::setHeader);
                send(done.outputs().getFirst(), deadline, response);
            }
            case Completion.Done done -> new PlainText(500, "the capability made " + done.outputs().size()
                    + " results where one answer is wanted").send(response);
            case Completion.Failed failed -> new PlainText(
                    status(failed.failure().kind()), failed.failure().message()).send(response);
            case Completion.Streaming streaming -> stream(streaming, deadline, response);
        }
    }

    /** Each message is with the client before the next one is asked for. Its end is the end of the answer. */
    private static void stream(
            Completion.Streaming streaming, Deadline deadline, HttpServletResponse response)
            throws IOException {
        try (MessageSource<Bytes> messages = streaming.messages()) {
            response.setContentType(streaming.contentType());
            response.setHeader("Cache-Control", "no-cache");
            response.flushBuffer();
            for (Optional<Bytes> event = messages.next(deadline);
                    event.isPresent();
                    event = messages.next(deadline)) {
                response.getOutputStream().write(event.get().unsafeArray());
                response.flushBuffer();
            }
        } catch (Fault e) {
            // The status is out: only a connection that breaks off says that the answer is not whole.
            throw new IOException("the capability's answer broke off: " + e.getMessage(), e);
        }
    }

    private void send(Output output, Deadline deadline, HttpServletResponse response) throws IOException {
        Bytes body;
        try {
            body = output.fetch(deadline);
        } catch (Fault e) {
            new PlainText(500, e.getMessage()).send(response);
            return;
        }
        try (Budget.Charge charge = heap.open("answer")) {
            if (!charge.add(body.size())) {
                new PlainText(503, "this node has no memory left for the answer").send(response);
                return;
            }
            response.setContentType(output.contentType());
            response.setContentLength(body.size());
            response.getOutputStream().write(body.unsafeArray());
        }
    }

    private static int status(Failure.Kind kind) {
        return switch (kind) {
            case INPUT -> 400;
            case PEER, CANCELLED -> 500;
            case BUSY -> 503;
            case TIMEOUT -> 504;
            case BROKEN_OFF -> 502;
        };
    }
}
