package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Output;
import io.millrace.livepeer.mapping.WebAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Where a gateway fetches results: at this node's public address, or wherever else they lie. */
public final class ResultUrls {

    private final URI base;

    /**
     * For the results of {@code completion}.
     *
     * @param called the address the request came to, for when the completion has no offer
     */
    public ResultUrls(Completion completion, String called) {
        this.base = offer(completion).map(Offer::endpoint).orElseGet(() -> URI.create(called));
    }

    /** The address of a result. */
    public String of(Output output) {
        if (WebAddress.parse(output.location()).isPresent()) {
            return output.location();
        }
        try {
            String path = new URI(null, null, "/stream/" + output.location(), null).toASCIIString();
            return WebAddress.below(base, path).toString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no path of the object store: " + output.location(), e);
        }
    }

    private static Optional<Offer> offer(Completion completion) {
        return switch (completion) {
            case Completion.Done done -> done.next();
            case Completion.Failed failed -> failed.next();
            case Completion.Streaming streaming -> Optional.empty();
        };
    }
}
