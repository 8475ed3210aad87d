package io.millrace.kernel.lease;

import io.millrace.api.node.NodeEvents;
import io.millrace.kernel.Threads;
import io.millrace.kernel.event.KernelEvents;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Calls code behind a port, each call on a platform thread of its own and for a limited time. A call that never
 * returns costs one platform thread: neither its caller nor a carrier of virtual threads waits for it. A call that
 * throws or hangs is reported to the operator with the name of its bundle.
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
     * Begins a call, which has a lease of its own until it has returned.
     *
     * @throws CallFailed when too many calls are out
     */
    public <T, R> ForeignCall<T, R> begin(Lease<T> lease, Function<? super T, ? extends R> what) {
        Lease<T> own = lease.share();
        ForeignCall<T, R> call = new ForeignCall<>(own, what, this::report);
        try {
            threads.execute(call);
        } catch (RejectedExecutionException e) {
            own.close();
            throw new CallFailed(MOST + " calls of a " + port + " are out, as many as there may be", e);
        }
        return call;
    }

    /**
     * Calls and waits.
     *
     * @throws CallFailed when it threw, or did not return in time
     */
    public <T, R> R call(Lease<T> lease, Duration limit, Function<? super T, ? extends R> what) {
        return begin(lease, what).await(limit);
    }

    /**
     * Calls an instance that is not bound yet.
     *
     * @throws CallFailed when it threw, or did not return in time
     */
    public <T, R> R call(T instance, Provider provider, Duration limit, Function<? super T, ? extends R> what) {
        return call(new Unleased<>(instance, provider), limit, what);
    }

    /**
     * Runs something that belongs to an instance which may have been taken away already, and waits for it up to the
     * limit. A failure is reported and nothing else.
     */
    public void tell(Provider provider, Duration limit, Runnable news) {
        try {
            call(news, provider, limit, what -> {
                what.run();
                return null;
            });
        } catch (CallFailed e) {
            // the call has reported it
        }
    }

    /** Tells the operator that something of a bundle behaved wrongly. */
    public void report(Provider provider, String what, boolean setAside) {
        events.happened(new KernelEvents.Misbehaved(provider.name(), port, what, setAside));
    }
}
