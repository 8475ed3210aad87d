package io.millrace.media.json;

/** Text that is no JSON, or not of the shape asked for; the message is fit for its sender's eyes. */
public final class MalformedJson extends Exception {

    private static final long serialVersionUID = 1L;

    /** With the text of the wire. */
    public MalformedJson(String message) {
        super(message);
    }
}
