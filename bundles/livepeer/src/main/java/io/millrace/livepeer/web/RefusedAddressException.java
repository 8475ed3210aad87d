package io.millrace.livepeer.web;

import java.io.IOException;

/** The node does not connect to an address that a peer named. */
public final class RefusedAddressException extends IOException {

    private static final long serialVersionUID = 1L;

    RefusedAddressException(String message) {
        super(message);
    }
}
