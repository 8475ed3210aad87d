package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Accepted;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that a request either gets its answer or is given up because the gateway left, and never both. Whichever
 * comes first completes the exchange; when the gateway left, its work is cancelled.
 */
final class Departure implements AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    /**
     * Request attribute of the http bundle: a {@code Consumer<Runnable>} of what is to be run when the client leaves.
     * Over HTTP/1.1 a servlet container tells nobody of that before the answer is written.
     */
    private static final String WHEN_DEPARTED = "io.millrace.http.whenDeparted";

    private final Accepted accepted;
    private final AtomicBoolean settled = new AtomicBoolean();

    Departure(Accepted accepted) {
        this.accepted = accepted;
    }

    /** Hears of a gateway that leaves from now on. */
    @SuppressWarnings("unchecked")
    void watch(HttpServletRequest request, AsyncContext async) {
        async.addListener(this);
        if (request.getAttribute(WHEN_DEPARTED) instanceof Consumer<?> container) {
            ((Consumer<Runnable>) container).accept(() -> leave(async));
        }
    }

    /** Sends the status and tells whether the gateway was still there to see it. */
    boolean confirm(HttpServletResponse response) {
        try {
            response.setStatus(HttpServletResponse.SC_OK);
            response.flushBuffer();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes the answer unless the gateway has left. */
    void answer(AsyncContext async, byte[] body) {
        if (!settled.compareAndSet(false, true)) {
            return;
        }
        try {
            async.getResponse().getOutputStream().write(body);
        } catch (IOException e) {
            LOG.debug("The gateway did not wait for its result: {}", e.getMessage());
        }
        complete(async);
    }

    /** Gives the work up, unless it was answered. */
    void leave(AsyncContext async) {
        if (settled.compareAndSet(false, true)) {
            LOG.debug("The gateway left before its result was there.");
            accepted.close();
            complete(async);
        }
    }

    /** A container that cut the exchange off has completed it already, without telling. */
    private static void complete(AsyncContext async) {
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("The exchange was over already: {}", e.getMessage());
        }
    }

    @Override
    public void onError(AsyncEvent event) {
        leave(event.getAsyncContext());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        leave(event.getAsyncContext());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        if (settled.compareAndSet(false, true)) {
            accepted.close();
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
