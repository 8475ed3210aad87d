package io.millrace.livepeer.call;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Runs a step on a thread that ends with it. Netty leaves a thread-local value at every thread it is called on. The
 * value holds the classes of this bundle for as long as the thread lives, and the threads that start and stop bundles
 * live as long as the node.
 */
final class TemporaryThread {

    private TemporaryThread() {}

    /** Returns what the step returns, and throws what it throws. */
    static <T> T call(String name, Supplier<T> step) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().name(name).start(() -> {
            try {
                result.complete(step.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Without a result. */
    static void run(String name, Runnable step) {
        call(name, () -> {
            step.run();
            return null;
        });
    }
}
