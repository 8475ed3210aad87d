package io.millrace.kernel.lease;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** One call of other people's code, on its way. */
public final class ForeignCall<T, R> implements Runnable {

    /** How long a call that is interrupted may take to end. */
    static final Duration GIVING_UP = Duration.ofSeconds(5);

    private final Lease<T> lease;
    private final Function<? super T, ? extends R> what;
    private final Complaints complaints;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private Thread thread;
    private boolean over;

    @FunctionalInterface
    interface Complaints {
        void heard(Provider provider, String what, boolean setAside);
    }

    ForeignCall(Lease<T> lease, Function<? super T, ? extends R> what, Complaints complaints) {
        this.lease = lease;
        this.what = what;
        this.complaints = complaints;
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
            // where libraries look for what belongs to the code that uses them
            Thread.currentThread().setContextClassLoader(lease.get().getClass().getClassLoader());
            returned = what.apply(lease.get());
        } catch (Throwable e) {
            // an error too: what somebody else's code does to itself is not this node's end
            thrown = e;
        }
        synchronized (this) {
            thread = null;
            over = true;
        }
        // the thread goes on with another call, which was not interrupted
        Thread.interrupted();
        Thread.currentThread().setContextClassLoader(outer);
        lease.close();
        if (thrown == null) {
            result.complete(returned);
        } else {
            result.completeExceptionally(thrown);
        }
    }

    /** Has something done once it has returned, or thrown. */
    public void whenOver(Runnable then) {
        result.whenComplete((returned, thrown) -> then.run());
    }

    /** Whether it has returned, or thrown. */
    public boolean isOver() {
        return result.isDone();
    }

    /**
     * What it returned. When the caller is interrupted, so is the call; its outcome counts if it comes soon, and
     * the caller stays interrupted.
     *
     * @throws Unfit when it threw, or did not return in time
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

    /** Further interrupts say nothing new. */
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
            throw new Unfit(lease.provider().name() + " was given up", e.getCause());
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

    private Unfit late(String how) {
        boolean setAside = lease.hangs();
        complaints.heard(lease.provider(), "a call " + how, setAside);
        return new Unfit(lease.provider().name() + " " + how, null);
    }

    private Unfit threw(Throwable cause) {
        complaints.heard(lease.provider(), "a call failed: " + cause, false);
        return new Unfit(lease.provider().name() + " failed: " + cause, cause);
    }
}
