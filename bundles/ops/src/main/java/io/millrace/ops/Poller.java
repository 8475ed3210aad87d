package io.millrace.ops;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs checks of what changes without an event (files, bundles, the state of the kernel), every {@link #PERIOD}. */
@Component(service = Poller.class)
public final class Poller {

    public static final Duration PERIOD = Duration.ofMillis(500);

    private static final long STOP_SECONDS = 5;
    private static final Logger log = LoggerFactory.getLogger(Poller.class);

    /** Several threads, so that a check that takes long does not hold up the others. */
    private final ScheduledExecutorService threads =
            Executors.newScheduledThreadPool(3, Thread.ofPlatform().daemon().name("millrace-watch-", 0).factory());

    @Activate
    public Poller() {}

    /** A check that runs is not interrupted, since it may be the one that replaces this bundle. */
    @Deactivate
    void stop() {
        threads.shutdown();
    }

    /** Starts a check, which is named for the log; it goes on after it failed. */
    public Task start(String name, Runnable action) {
        return new Task(name, action);
    }

    /** A check that runs at once and then every {@link #PERIOD}, on one thread at a time. */
    public final class Task implements AutoCloseable {

        private final String name;
        private final Runnable action;
        private final ReentrantLock lock = new ReentrantLock();
        private final Future<?> future;
        private volatile boolean closed;

        private Task(String name, Runnable action) {
            this.name = name;
            this.action = action;
            future = threads.scheduleWithFixedDelay(this::now, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        }

        void now() {
            lock.lock();
            try {
                if (!closed) {
                    action.run();
                }
            } catch (RuntimeException e) {
                log.error("could not look at {}; the next look is in {} ms", name, PERIOD.toMillis(), e);
            } finally {
                lock.unlock();
            }
        }

        /** Runs the check soon, on another thread; does nothing while this bundle stops. */
        public void soon() {
            try {
                threads.execute(this::now);
            } catch (RejectedExecutionException stopping) {
                return;
            }
        }

        /** Makes a change while the check does not run, then runs it. */
        public <T> T exclusively(Callable<T> change) throws Exception {
            lock.lock();
            try {
                T done = change.call();
                now();
                return done;
            } finally {
                lock.unlock();
            }
        }

        /** Ends the check; waits, bounded, for a run that has begun. */
        @Override
        public void close() {
            closed = true;
            future.cancel(false);
            try {
                if (lock.tryLock(STOP_SECONDS, TimeUnit.SECONDS)) {
                    lock.unlock();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
