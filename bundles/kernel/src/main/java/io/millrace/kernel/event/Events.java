package io.millrace.kernel.event;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.kernel.SerialExecutor;
import io.millrace.kernel.lease.CallFailed;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.ForeignCall;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.lease.Provider;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands each event to every listener, in the order in which they happened, on a thread of its own. What a listener
 * throws, or that it hangs, never hurts the work. Thread-safe.
 */
public final class Events implements NodeEvents {

    private static final System.Logger LOG = System.getLogger(Events.class.getName());

    /** How long the caller waits for a listener, which ought to return at once. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** Events that wait for the listeners; further ones are lost, and counted. */
    private static final int MOST_WAITING = 10_000;

    private final Leased<NodeEvents> listeners;
    private final SerialExecutor serial = new SerialExecutor("events");
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();
    private final Foreign foreign = new Foreign("listener", Events::warn);

    /** Without listeners. */
    public Events(InstantSource clock) {
        listeners = new Leased<>("listener", clock);
    }

    /** Another listener. */
    public void bind(NodeEvents listener, Provider provider) {
        listeners.bind(listener, provider);
    }

    /** A listener leaves; waits for its calls. */
    public void unbind(NodeEvents listener) {
        listeners.unbind(listener);
    }

    /** Returns at once: the work that an event is about does not wait for listeners. */
    @Override
    public void happened(NodeEvent event) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            lost.incrementAndGet();
            return;
        }
        serial.execute(() -> {
            try {
                tell(event);
            } finally {
                waiting.decrementAndGet();
            }
            long missed = lost.getAndSet(0);
            if (missed > 0) {
                LOG.log(Level.WARNING, "Listeners are too slow: " + missed + " events were not told to anybody");
            }
        });
    }

    /** Waits a little until what has happened so far was told. */
    public void flush() {
        CountDownLatch told = new CountDownLatch(1);
        serial.execute(told::countDown);
        try {
            told.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(NodeEvent event) {
        List<ForeignCall<NodeEvents, Void>> calls = new ArrayList<>();
        for (Lease<NodeEvents> lease : listeners.takeAll(listener -> true)) {
            try (lease) {
                calls.add(foreign.begin(lease, listener -> {
                    listener.happened(event);
                    return null;
                }));
            } catch (CallFailed e) {
                LOG.log(Level.WARNING, "A listener is not told of an event: " + e.getMessage());
            }
        }
        for (ForeignCall<NodeEvents, Void> call : calls) {
            try {
                call.await(LIMIT);
            } catch (CallFailed e) {
                // warn has said it
            }
        }
    }

    /** Goes to the log only: an event about a listener, told to listeners, could go round in a circle. */
    private static void warn(NodeEvent event) {
        if (event instanceof NodeEvent.Misbehaved it) {
            LOG.log(Level.WARNING, "A listener of " + it.bundle() + " fails, the work goes on: " + it.what()
                    + (it.setAside() ? "; it is told nothing until its calls have returned" : ""));
        }
    }
}
