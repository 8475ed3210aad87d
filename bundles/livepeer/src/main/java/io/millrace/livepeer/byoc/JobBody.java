package io.millrace.livepeer.byoc;

import io.millrace.api.orchestrator.Body;
import io.millrace.livepeer.web.BodyException;
import io.millrace.livepeer.web.BodyReader;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** A job's bytes, read from its request. */
record JobBody(HttpServletRequest request, BodyReader reader) implements Body {

    @Override
    public Read read(long limit) {
        try {
            return new Read.Received(
                    reader.read(request.getInputStream(), request.getContentLengthLong(), limit));
        } catch (IOException e) {
            return BodyException.rejected("the body", e);
        }
    }
}
