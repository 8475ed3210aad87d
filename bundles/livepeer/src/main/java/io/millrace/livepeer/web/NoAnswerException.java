package io.millrace.livepeer.web;

import java.io.IOException;

/** A call to which no answer began. */
public final class NoAnswerException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean late;
    private final boolean sent;

    NoAnswerException(String message, Throwable cause, boolean late, boolean sent) {
        super(message, cause);
        this.late = late;
        this.sent = sent;
    }

    /** Whether it did not begin in time. */
    public boolean isLate() {
        return late;
    }

    /** Whether the request had begun to leave: the peer may have it, and be at work. */
    public boolean isSent() {
        return sent;
    }
}
