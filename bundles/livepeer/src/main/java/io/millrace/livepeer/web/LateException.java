package io.millrace.livepeer.web;

import java.io.IOException;

/** Not within the deadline. */
public final class LateException extends IOException {

    private static final long serialVersionUID = 1L;

    LateException() {
        super("not in time");
    }
}
