package io.millrace.media.profile;

/** A profile that cannot be asked for; the message is go-livepeer's. */
public final class InvalidProfile extends Exception {

    private static final long serialVersionUID = 1L;

    /** With go-livepeer's text. */
    public InvalidProfile(String message) {
        super(message);
    }
}
