package io.millrace.livepeer.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Consumer;

/** Interrupts the thread of a call, once, when its client leaves before the call is over: nobody needs its work then. */
public final class ClientWatch implements AutoCloseable {

    /** Request attribute of the http bundle: a {@code Consumer<Runnable>} of what is to be run when the client leaves. */
    public static final String WHEN_DEPARTED = "io.millrace.http.whenDeparted";

    private final Thread thread = Thread.currentThread();
    private boolean over;

    /** Watches from now on, for the current thread. */
    @SuppressWarnings("unchecked")
    public static ClientWatch of(HttpServletRequest request) {
        ClientWatch watch = new ClientWatch();
        if (request.getAttribute(WHEN_DEPARTED) instanceof Consumer<?> container) {
            ((Consumer<Runnable>) container).accept(watch::left);
        }
        return watch;
    }

    private synchronized void left() {
        if (!over) {
            thread.interrupt();
        }
    }

    /** From now on the thread is not interrupted, and the container gets it back without an interrupt. */
    @Override
    public void close() {
        synchronized (this) {
            over = true;
        }
        Thread.interrupted();
    }
}
