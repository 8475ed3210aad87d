package io.millrace.media.push;

/** A push that ends with an error status; the message is the body of the answer. */
final class PushRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    PushRefused(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
