package io.millrace.http.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Tells the servlet of a call that its client has left before the answer was complete. */
final class Departure implements Consumer<Runnable> {

    /**
     * Request attribute that holds a {@code Consumer<Runnable>}: each {@code Runnable} that a servlet hands to it is run
     * once, in a thread of its own, when the client leaves before the call has ended, and at once when it has left
     * already. It may still run just after the end of the call. A client that leaves over HTTP/1.1 without having been
     * read to the end of its body is found by reading the body, not by this.
     */
    static final String ATTRIBUTE = "io.millrace.http.whenDeparted";

    private final List<Runnable> listeners = new ArrayList<>();
    private boolean departed;
    private boolean over;

    @Override
    public synchronized void accept(Runnable listener) {
        if (departed) {
            start(listener);
        } else if (!over) {
            listeners.add(listener);
        }
    }

    /** The client has left. */
    synchronized void happened() {
        if (!over) {
            departed = true;
            listeners.forEach(Departure::start);
            listeners.clear();
        }
    }

    /** The call has ended; listeners are no longer told. */
    synchronized void end() {
        over = true;
        listeners.clear();
    }

    private static void start(Runnable listener) {
        Thread.ofVirtual().name("http-departure").start(listener);
    }
}
