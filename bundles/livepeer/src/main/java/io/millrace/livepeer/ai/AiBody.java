package io.millrace.livepeer.ai;

import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.web.BodyException;
import io.millrace.livepeer.web.BodyReader;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;

/** The bytes of an AI request: which model it is for stands in them, so they are read before anything is decided. */
final class AiBody {

    /** The largest JSON request: the messages of the longest conversation fit in many times. */
    static final long MAX_JSON = 8 << 20;

    /** The largest request with an image or a sound: runners take files of 50 MB (go-livepeer: ai/worker/worker.go). */
    static final long MAX_FORM = 64 << 20;

    private static final Duration UPLOAD = Duration.ofMinutes(5);

    /** A request that is answered at once. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        final int status;

        Refused(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }
    }

    private AiBody() {}

    /**
     * Reads the request, charged three times over, as it came, as it is taken apart, as it is handed on; and for what
     * its JSON takes.
     */
    static AiRequest read(
            AiPipeline pipeline, HttpServletRequest request, Budget.Charge charge, InstantSource clock)
            throws Refused {
        long limit = pipeline.isJson() ? MAX_JSON : MAX_FORM;
        try {
            Bytes body = BodyReader.of(charge, Deadline.in(UPLOAD, clock), clock)
                    .read(request.getInputStream(), request.getContentLengthLong(), limit);
            if (!charge.add(2L * body.size())) {
                throw new Refused(503, "this node has no memory left for the request");
            }
            return AiRequest.read(pipeline, request.getContentType(), body, charge);
        } catch (BodyException e) {
            throw new Refused(
                    switch (e.reason()) {
                        case BUSY -> 503;
                        case BODY_TOO_LARGE -> 413;
                        default -> 400;
                    },
                    "the request was not read: " + e.getMessage());
        } catch (IOException e) {
            throw new Refused(400, "the request was not read: " + e.getMessage());
        } catch (Fault e) {
            throw new Refused(e.consequence() == Fault.Consequence.BUSY ? 503 : 413, e.getMessage());
        } catch (Malformed e) {
            throw new Refused(400, e.getMessage());
        }
    }

    /** A refusal's reason, where a status says it better than a text. */
    static boolean isFull(Refusal refusal) {
        return switch (refusal.reason()) {
            case CAPPED, DRAINING, BUSY, UNAVAILABLE -> true;
            default -> false;
        };
    }
}
