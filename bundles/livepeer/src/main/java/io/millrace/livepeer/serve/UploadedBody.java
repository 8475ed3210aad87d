package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.livepeer.mapping.BodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The segment itself as the body of the request. */
final class UploadedBody implements Body {

    /** Opens what is uploaded. */
    @FunctionalInterface
    interface Source {

        InputStream open() throws IOException;
    }

    private final Source source;
    private final long announced;
    private final Bytes hash;

    UploadedBody(Source source, long announced, Bytes hash) {
        this.source = source;
        this.announced = announced;
        this.hash = hash;
    }

    @Override
    public Read read(long limit) {
        BodyReader reader = new BodyReader(announced);
        try {
            Optional<Bytes> bytes = reader.read(source.open(), limit);
            if (bytes.isEmpty()) {
                return rejected(Refusal.Reason.BODY_TOO_LARGE, "the segment is over " + limit + " bytes");
            }
            return reader.hash().equals(hash)
                    ? new Read.Received(bytes.get())
                    : rejected(Refusal.Reason.BODY_MISMATCH, "the segment is not what its hash says");
        } catch (IOException e) {
            return rejected(Refusal.Reason.BODY_UNREADABLE, "the segment broke off: " + e.getMessage());
        }
    }

    static Read rejected(Refusal.Reason reason, String message) {
        return new Read.Rejected(new Refusal(reason, message));
    }
}
