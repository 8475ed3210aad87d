package io.millrace.media.cut;

/** A stream from which no segments of acceptable length can be made; the message says what to change. */
public final class UncuttableStream extends Exception {

    private static final long serialVersionUID = 1L;

    /** With one sentence for the operator. */
    public UncuttableStream(String message) {
        super(message, null, false, false);
    }
}
