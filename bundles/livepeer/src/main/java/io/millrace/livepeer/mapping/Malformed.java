package io.millrace.livepeer.mapping;

/** A peer sent something that cannot be read; the message is the text that the wire answers with. */
public final class Malformed extends Exception {

    private static final long serialVersionUID = 1L;

    /** With the text for the peer. */
    public Malformed(String message) {
        super(message, null, false, false);
    }
}
