package io.millrace.kernel.lease;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/** One call of code behind a port that was begun. */
public final class ForeignCall<T, R> implements Runnable {

    /** How long a call may take to return once it was interrupted. */
    static final Duration GIVING_UP = Duration.ofSeconds(5);

    private final Lease<T> lease;
    private final Function<? super T, ? extends R> what;
    private final Foreign port;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private Thread thread;
    private boolean over;

    ForeignCall(Lease<T> lease, Function<? super T, ? extends R> what, Foreign port) {
        this.lease = lease;
        this.what = what;
        this.port = port;
    }

    @Override
    public void run() {
        synchronized (this) {
            thread = Thread.currentThread();
            if (over) {
                thread.interrupt();
            }
        }
        R returned = null;
        Throwable thrown = null;
        ClassLoader outer = Thread.currentThread().getContextClassLoader();
        try {
            // libraries look there for classes and resources of the code that uses them
            Thread.currentThread().setContextClassLoader(lease.get().getClass().getClassLoader());
            returned = what.apply(lease.get());
        } catch (Throwable e) {
            // an error as well: a class that is missing there says nothing about this node
            thrown = e;
        }
        synchronized (this) {
            thread = null;
            over = true;
        }
        // the thread is used for another call next, which nobody interrupted
        Thread.interrupted();
        Thread.currentThread().setContextClassLoader(outer);
        lease.close();
        if (thrown == null) {
            result.complete(returned);
        } else {
            result.completeExceptionally(thrown);
        }
    }

    /** Runs something once the call has returned or thrown, on the thread of the call. */
    public void whenOver(Runnable then) {
        result.whenComplete((returned, thrown) -> then.run());
    }

    /** Does something with what the call returns, also when nobody waits for it any more. */
    public void whenReturned(Consumer<? super R> then) {
        result.thenAccept(then);
    }

    /** Whether the call has returned or thrown. */
    public boolean isOver() {
        return result.isDone();
    }

    /**
     * What the call returned. An interrupt of the caller is passed on to the call; what it returns within
     * {@link #GIVING_UP} still counts, and the caller stays interrupted.
     *
     * @throws CallFailed when it threw, or did not return in time
     */
    public R await(Duration limit) {
        try {
            return result.get(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            interrupt();
            throw late("did not return within " + limit.toMillis() / 1000.0 + " s");
        } catch (ExecutionException e) {
            throw threw(e.getCause());
        } catch (InterruptedException e) {
            return awaitInterrupted();
        }
    }

    /** Ignores further interrupts. */
    private R awaitInterrupted() {
        interrupt();
        long end = System.nanoTime() + GIVING_UP.toNanos();
        try {
            while (true) {
                try {
                    return result.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    continue;
                }
            }
        } catch (TimeoutException e) {
            throw late("goes on although it was given up " + GIVING_UP.toSeconds() + " s ago");
        } catch (ExecutionException e) {
            throw new CallFailed(lease.provider().name() + " was given up", e.getCause());
        } finally {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
        over = true;
    }

    private CallFailed late(String how) {
        boolean setAside = lease.hangs();
        String whose = lease.worker().isEmpty() ? "a call " : "a call that worker " + lease.worker() + " does ";
        port.report(lease.provider(), whose + how, setAside);
        return new CallFailed(lease.provider().name() + " " + how, null);
    }

    private CallFailed threw(Throwable cause) {
        port.report(lease.provider(), "a call failed: " + cause, false);
        return new CallFailed(lease.provider().name() + " failed: " + cause, cause);
    }
}
