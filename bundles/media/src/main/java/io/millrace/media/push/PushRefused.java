package io.millrace.media.push;

/** A push that ends with an error status; the message is the body of the answer. */
final class PushRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean busy;

    PushRefused(int status, String message) {
        this(status, message, false);
    }

    private PushRefused(int status, String message, boolean busy) {
        super(message, null, false, false);
        this.status = status;
        this.busy = busy;
    }

    /** The node, or the share of this sender, is full; the sender may send the segment again. */
    static PushRefused busy(String message) {
        return new PushRefused(503, message, true);
    }

    boolean isBusy() {
        return busy;
    }

    int status() {
        return status;
    }
}
