package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Accepted;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Either the answer is written or the gateway leaves before, never both: whoever comes first completes
 * the exchange, and a gateway that left takes its work with it.
 */
final class Departure implements AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

    private final Accepted accepted;
    private final AtomicBoolean settled = new AtomicBoolean();

    Departure(Accepted accepted) {
        this.accepted = accepted;
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
