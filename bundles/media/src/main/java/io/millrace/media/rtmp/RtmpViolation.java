package io.millrace.media.rtmp;

/** A client did what the protocol or a limit forbids: the connection is closed, the message says why. */
final class RtmpViolation extends Exception {

    private static final long serialVersionUID = 1L;

    /** Without a stack: clients can cause it at will. */
    RtmpViolation(String message) {
        super(message, null, false, false);
    }
}
