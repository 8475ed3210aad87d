package io.millrace.livepeer.byoc;

import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.livepeer.mapping.BodyReader;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;

/** A job's bytes, read from its request. */
record JobBody(HttpServletRequest request) implements Body {

    @Override
    public Read read(long limit) {
        try {
            Optional<Bytes> bytes =
                    new BodyReader(request.getContentLengthLong()).read(request.getInputStream(), limit);
            return bytes.<Read>map(Read.Received::new)
                    .orElseGet(() -> rejected(Refusal.Reason.BODY_TOO_LARGE, "the body is over " + limit + " bytes"));
        } catch (IOException e) {
            return rejected(Refusal.Reason.BODY_UNREADABLE, "Error reading request body");
        }
    }

    private static Read rejected(Refusal.Reason reason, String message) {
        return new Read.Rejected(new Refusal(reason, message));
    }
}
