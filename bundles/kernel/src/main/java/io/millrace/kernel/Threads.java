package io.millrace.kernel;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The kernel's threads, which inherit no thread locals, and their waiting.
 *
 * <p>A thread would take the thread locals and the context class loader of its maker, which may belong to a bundle
 * that is replaced while the thread goes on. Besides, Felix 7.0.5 can keep a reference to a thread for good that
 * loaded a class at the same moment as another one (entries of {@code BundleClassLoader.m_classLocks} stay).
 */
public final class Threads {

    private Threads() {}

    /** A builder of virtual threads. */
    public static Thread.Builder.OfVirtual virtual() {
        return Thread.ofVirtual().inheritInheritableThreadLocals(false);
    }

    /** A builder of platform threads. */
    public static Thread.Builder.OfPlatform platform() {
        return Thread.ofPlatform().inheritInheritableThreadLocals(false);
    }

    /**
     * Waits until something is so; the caller holds the monitor, which is notified of each change.
     *
     * @return whether it was so in time
     */
    public static boolean await(Object monitor, Duration most, BooleanSupplier state) throws InterruptedException {
        long begun = System.nanoTime();
        // saturates, so that the end of time may be a deadline
        long nanos = TimeUnit.NANOSECONDS.convert(most);
        while (!state.getAsBoolean()) {
            long left = nanos - (System.nanoTime() - begun);
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(monitor, left);
        }
        return true;
    }
}
