package io.millrace.kernel.lease;

/** The former name of {@link CallFailed}, for as long as the gateway catches it under that name. */
public abstract sealed class Unfit extends RuntimeException permits CallFailed {

    private static final long serialVersionUID = 1L;

    Unfit(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the call did not return in time. */
    public abstract boolean isLate();
}
