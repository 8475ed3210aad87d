package io.millrace.kernel.lease;

/** A call of code behind a port threw, or did not return in time. The message names the bundle. */
public final class CallFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean late;

    CallFailed(String message, Throwable cause) {
        super(message, cause);
        late = cause == null;
    }

    /** Whether the call did not return in time; otherwise the cause is what it threw. */
    public boolean isLate() {
        return late;
    }
}
