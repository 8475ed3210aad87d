package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.livepeer.mapping.WebAddress;
import io.millrace.livepeer.web.WebClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The address of the segment as the body of the request. Whoever may submit makes this node fetch an
 * address of his choice; all he learns is whether its content has the hash that he named. Only http and
 * https, no redirects; an operator whose node can reach what strangers must not touch switches it off.
 */
final class LinkedBody implements Body {

    /** The content type that says so. */
    static final String CONTENT_TYPE = "application/vnd+livepeer.uri";

    private static final int MAX_ADDRESS = 8 << 10;

    private final UploadedBody.Source source;
    private final Bytes hash;
    private final Optional<WebClient> web;
    private final Deadline deadline;

    /** An empty {@code web} follows no address. */
    LinkedBody(UploadedBody.Source source, Bytes hash, Optional<WebClient> web, Deadline deadline) {
        this.source = source;
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
            byte[] text = source.open().readNBytes(MAX_ADDRESS);
            Optional<URI> address = WebAddress.parse(new String(text, StandardCharsets.UTF_8));
            if (address.isEmpty()) {
                return unreadable("the body is no address of a segment");
            }
            Bytes bytes = web.get().get(address.get(), limit, deadline);
            return Keccak256.of(bytes).equals(hash)
                    ? new Read.Received(bytes)
                    : UploadedBody.rejected(Refusal.Reason.BODY_MISMATCH, "the segment is not what its hash says");
        } catch (IOException | Fault e) {
            return unreadable(e.getMessage());
        }
    }

    private static Read unreadable(String message) {
        return UploadedBody.rejected(Refusal.Reason.BODY_UNREADABLE, message);
    }
}
