package io.millrace.http.tls;

/** A certificate cannot be used or kept; the message tells the operator which file and what to do. */
public final class UnusableCertificate extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnusableCertificate(String message, Throwable cause) {
        super(message, cause);
    }
}
