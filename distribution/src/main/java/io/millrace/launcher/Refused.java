package io.millrace.launcher;

/** What the user asked for cannot be done; the message says what is wrong and what to do. */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** One or a few lines for a person. */
    public Refused(String message) {
        super(message, null, false, false);
    }
}
