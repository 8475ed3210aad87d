package io.millrace.livepeer.web;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.InstantSource;
import java.util.Optional;

/** A response whose headers are here. */
public final class WebResponse implements AutoCloseable {

    private final int status;
    private final HttpHeaders headers;
    private final BoundedBody body;
    private final InstantSource clock;

    WebResponse(int status, HttpHeaders headers, BoundedBody body, InstantSource clock) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.clock = clock;
    }

    /** The status of HTTP. */
    public int status() {
        return status;
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /**
     * Waits for the whole body.
     *
     * @throws IOException when it broke off or was over the limit; {@link LateException} when it is late
     */
    public Bytes body(Deadline deadline) throws IOException {
        return WebClient.await(body.bytes(), deadline, clock, body::cancel);
    }

    /** Gives the rest of the body up; harmless once it is here. */
    @Override
    public void close() {
        body.cancel();
    }
}
