package io.millrace.media.codec;

/** Bytes that are not the media they claim to be; the message is one clause fit for a sender's eyes. */
public final class UnreadableMedia extends Exception {

    private static final long serialVersionUID = 1L;

    /** With one clause that says what is wrong; without a stack, since senders can cause it at will. */
    public UnreadableMedia(String message) {
        super(message, null, false, false);
    }
}
