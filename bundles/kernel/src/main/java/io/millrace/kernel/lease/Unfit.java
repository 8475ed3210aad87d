package io.millrace.kernel.lease;

/** Somebody's code did not do what was asked: it threw, or did not return in time. Says whose it is. */
public final class Unfit extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean late;

    Unfit(String message, Throwable cause) {
        super(message, cause);
        late = cause == null;
    }

    /** Whether it did not return in time; otherwise the cause is what it threw. */
    public boolean isLate() {
        return late;
    }
}
