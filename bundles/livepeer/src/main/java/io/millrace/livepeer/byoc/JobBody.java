package io.millrace.livepeer.byoc;

import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.livepeer.web.BodyException;
import io.millrace.livepeer.web.BodyReader;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;

/** A job's bytes, read from its request. */
final class JobBody implements Body {

    private final HttpServletRequest request;
    private final BodyReader reader;
    private volatile Optional<Refusal> rejected = Optional.empty();

    JobBody(HttpServletRequest request, BodyReader reader) {
        this.request = request;
        this.reader = reader;
    }

    @Override
    public Read read(long limit) {
        try {
            Bytes bytes = reader.read(request.getInputStream(), request.getContentLengthLong(), limit);
            reader.handOver();
            return new Read.Received(bytes);
        } catch (IOException e) {
            Read.Rejected read = BodyException.rejected("the body", e);
            rejected = Optional.of(read.refusal());
            return read;
        }
    }

    /** Why it was not read; empty unless reading failed. */
    Optional<Refusal> rejected() {
        return rejected;
    }
}
