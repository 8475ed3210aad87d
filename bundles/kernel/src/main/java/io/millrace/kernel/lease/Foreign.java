package io.millrace.kernel.lease;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.kernel.Threads;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Calls other people's code, each call on a platform thread of its own and for no longer than agreed: one
 * that never ends costs a thread, not the caller, and not one of the few that carry the virtual threads.
 * What throws or hangs is reported with the name of its bundle.
 */
public final class Foreign {

    /** Calls at once behind one port. */
    static final int MOST = 2048;

    private static final int IDLE_SECONDS = 10;

    private final String port;
    private final NodeEvents events;
    private final ThreadPoolExecutor threads;

    /** For code behind a port, such as {@code pipeline}. */
    public Foreign(String port, NodeEvents events) {
        this.port = port;
        this.events = events;
        this.threads = new ThreadPoolExecutor(
                0,
                MOST,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Threads.platform().daemon().name(port + "-", 0).factory());
    }

    /**
     * Begins a call, which holds the instance for itself until it has returned.
     *
     * @throws Unfit when too many calls are out
     */
    public <T, R> ForeignCall<T, R> begin(Lease<T> lease, Function<? super T, ? extends R> what) {
        Lease<T> own = lease.share();
        ForeignCall<T, R> call = new ForeignCall<>(own, what, this::report);
        try {
            threads.execute(call);
        } catch (RejectedExecutionException e) {
            own.close();
            throw new Unfit(MOST + " calls of a " + port + " are out, as many as there may be", e);
        }
        return call;
    }

    /**
     * Calls and waits.
     *
     * @throws Unfit when it threw, or did not return in time
     */
    public <T, R> R call(Lease<T> lease, Duration limit, Function<? super T, ? extends R> what) {
        return begin(lease, what).await(limit);
    }

    /**
     * Has something said to an instance that may have left already; waits for it, but not for long. What comes of
     * that is reported, and nothing else.
     */
    public void tell(Provider provider, Duration limit, Runnable news) {
        Lease<Runnable> lease = new Unleased(news, provider);
        try {
            call(lease, limit, what -> {
                what.run();
                return null;
            });
        } catch (Unfit e) {
            // reported already
        }
    }

    /** What was done with it was wrong: it is the operator's to know. */
    public void report(Provider provider, String what, boolean setAside) {
        events.happened(new NodeEvent.Misbehaved(provider.name(), port, what, setAside));
    }
}
