package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.livepeer.web.BodyException;
import io.millrace.livepeer.web.BodyReader;
import java.io.IOException;
import java.io.InputStream;

/** The segment itself as the body of the request. */
final class UploadedBody implements Body {

    /** Opens what is uploaded. */
    @FunctionalInterface
    interface Source {

        InputStream open() throws IOException;
    }

    private final Source source;
    private final long announced;
    private final BodyReader reader;
    private final Bytes hash;

    /** The {@code reader} hashes. */
    UploadedBody(Source source, long announced, BodyReader reader, Bytes hash) {
        this.source = source;
        this.announced = announced;
        this.reader = reader;
        this.hash = hash;
    }

    @Override
    public Read read(long limit) {
        try {
            return checked(reader.read(source.open(), announced, limit), reader, hash);
        } catch (IOException e) {
            return BodyException.rejected("the segment", e);
        }
    }

    /** A segment that was read, if it is what its hash says. */
    static Read checked(Bytes segment, BodyReader reader, Bytes hash) {
        reader.handOver();
        return reader.hash().equals(hash)
                ? new Read.Received(segment)
                : new Read.Rejected(
                        new Refusal(Refusal.Reason.BODY_MISMATCH, "the segment is not what its hash says"));
    }
}
