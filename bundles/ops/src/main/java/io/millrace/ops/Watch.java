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

/**
 * Looks again and again at what changes without telling anybody: files, bundles, the state of the kernel. A look that
 * lasts keeps no other one waiting.
 */
@Component(service = Watch.class)
public final class Watch {

    /** Time between two looks. */
    public static final Duration PERIOD = Duration.ofMillis(500);

    private static final int THREADS = 3;
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(Watch.class);

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("millrace-watch-", 0).factory());

    /** Looks at nothing yet. */
    @Activate
    public Watch() {}

    @Deactivate
    void stop() {
        // Who is looking may be the one that replaces this bundle: it is not interrupted.
        threads.shutdown();
    }

    /**
     * Begins to look at something, at once and then every {@link #PERIOD}. A look that fails is logged and is not the
     * last one.
     *
     * @param what what is looked at, for the log
     */
    public Looking at(String what, Runnable look) {
        return new Looking(what, look);
    }

    /** One thing that is looked at, by one thread at a time. */
    public final class Looking implements AutoCloseable {

        private final String what;
        private final Runnable look;
        private final ReentrantLock turn = new ReentrantLock();
        private final Future<?> turns;
        private volatile boolean closed;

        private Looking(String what, Runnable look) {
            this.what = what;
            this.look = look;
            turns = threads.scheduleWithFixedDelay(this::now, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** Looks now. */
        public void now() {
            turn.lock();
            try {
                if (!closed) {
                    look.run();
                }
            } catch (RuntimeException e) {
                log.error("could not look at {}; the next look is in {} ms", what, PERIOD.toMillis(), e);
            } finally {
                turn.unlock();
            }
        }

        /** Looks soon, on another thread. */
        public void soon() {
            try {
                threads.execute(this::now);
            } catch (RejectedExecutionException stopping) {
                // Sockets close while the bundle stops; there is nobody left to tell.
                return;
            }
        }

        /** Does something while nobody looks, then looks. */
        public <T> T alone(Callable<T> change) throws Exception {
            turn.lock();
            try {
                T done = change.call();
                now();
                return done;
            } finally {
                turn.unlock();
            }
        }

        /** Looks no more; waits, bounded, for a look that has begun. */
        @Override
        public void close() {
            closed = true;
            turns.cancel(false);
            try {
                if (turn.tryLock(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                    turn.unlock();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
