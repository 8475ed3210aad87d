package io.millrace.http.gate;

/**
 * Makes an object's class loader the thread's context class loader until closed. Libraries behind a servlet look for
 * their services there, and would otherwise find Jetty's.
 */
public final class ContextLoader implements AutoCloseable {

    private final ClassLoader outer;

    private ContextLoader(ClassLoader loader) {
        outer = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
    }

    /** Enters the loader of an object's class. */
    public static ContextLoader of(Object object) {
        return new ContextLoader(object.getClass().getClassLoader());
    }

    @Override
    public void close() {
        Thread.currentThread().setContextClassLoader(outer);
    }
}
