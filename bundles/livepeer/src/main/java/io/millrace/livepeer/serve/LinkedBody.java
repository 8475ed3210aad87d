package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.mapping.WebAddress;
import io.millrace.livepeer.web.BodyException;
import io.millrace.livepeer.web.BodyReader;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.WebClient;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * A request body that holds the address of the segment. A gateway makes this node fetch an address of its choice, if
 * the node's guard allows it. All that it learns is whether the content has the hash that it named.
 */
final class LinkedBody implements Body {

    /** The content type that says so. */
    static final String CONTENT_TYPE = "application/vnd+livepeer.uri";

    private static final int MAX_ADDRESS = 8 << 10;

    private final UploadedBody.Source source;
    private final BodyReader text;
    private final BodyReader reader;
    private final Bytes hash;
    private final Optional<WebClient> web;
    private final Deadline deadline;

    /** An empty {@code web} follows no address. {@code text} is for the address; {@code reader} hashes. */
    LinkedBody(
            UploadedBody.Source source,
            BodyReader text,
            BodyReader reader,
            Bytes hash,
            Optional<WebClient> web,
            Deadline deadline) {
        this.source = source;
        this.text = text;
        this.reader = reader;
        this.hash = hash;
        this.web = web;
        this.deadline = deadline;
    }

    @Override
    public Read read(long limit) {
        if (web.isEmpty()) {
            return unreadable("this node fetches no segments by address");
        }
        try {
            Optional<URI> address = WebAddress.parse(text.read(source.open(), -1, MAX_ADDRESS).utf8());
            if (address.isEmpty()) {
                return unreadable("the body is no address of a segment");
            }
            // The operator configured no address for a gateway.
            Destination from = new Destination(address.get(), Optional.empty());
            return UploadedBody.checked(web.get().download(from, reader, limit, deadline), reader, hash);
        } catch (IOException e) {
            return BodyException.rejected("the segment", e);
        }
    }

    private static Read unreadable(String message) {
        return new Read.Rejected(new Refusal(Refusal.Reason.BODY_UNREADABLE, message));
    }
}
