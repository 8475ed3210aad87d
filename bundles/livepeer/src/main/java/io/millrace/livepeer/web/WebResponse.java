package io.millrace.livepeer.web;

import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.thread.Scheduler;

/** A response whose headers are here. For one thread; closing is for any. */
public final class WebResponse implements AutoCloseable {

    private final Response response;
    private final InputStream content;
    private final Scheduler timer;
    private final Budget heap;
    private final InstantSource clock;

    WebResponse(
            Response response,
            InputStreamResponseListener listener,
            Scheduler timer,
            Budget heap,
            InstantSource clock) {
        this.response = response;
        this.content = new BufferedInputStream(listener.getInputStream());
        this.timer = timer;
        this.heap = heap;
        this.clock = clock;
    }

    /** The status of HTTP. */
    public int status() {
        return response.getStatus();
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(response.getHeaders().get(name));
    }

    /**
     * Waits for the whole body, which is charged until this returns.
     *
     * @param limit largest size, in bytes
     * @throws IOException when it broke off; {@link BodyException} when it was too large, too slow or found no
     *     memory; {@link DeadlineExceededException} when it is late
     */
    public Bytes body(long limit, Deadline deadline) throws IOException {
        try (Budget.Charge charge = heap.open("download")) {
            return body(BodyReader.of(charge, deadline, clock), limit, deadline);
        }
    }

    /** The same with a reader of the caller, who closes its charge. */
    public Bytes body(BodyReader reader, long limit, Deadline deadline) throws IOException {
        long announced = response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        return read(in -> reader.read(in, announced, limit), deadline);
    }

    /** Reads some of the body. */
    @FunctionalInterface
    public interface Reading<T> {

        /** Reads, blocking until it has what it wants. */
        T from(InputStream in) throws IOException;
    }

    /**
     * Has some of the body read, and gives the rest up when that fails.
     *
     * @throws IOException as {@code reading} does; {@link DeadlineExceededException} when it is late
     */
    public <T> T read(Reading<T> reading, Deadline deadline) throws IOException {
        Scheduler.Task late = timer.schedule(
                () -> response.abort(new DeadlineExceededException()), deadline.remaining(clock).toMillis(), TimeUnit.MILLISECONDS);
        boolean done = false;
        try {
            T result = reading.from(content);
            done = true;
            return result;
        } catch (InterruptedIOException e) {
            Thread.currentThread().interrupt();
            throw e;
        } finally {
            late.cancel();
            if (!done) {
                close();
            }
        }
    }

    /** Gives the rest of the body up; harmless once it is here. */
    @Override
    public void close() {
        response.abort(new IOException("given up"));
    }
}
