package io.millrace.wallet.keystore;

/** No key can be had; the message is a sentence for the operator, says what to do, and shows nothing secret. */
public final class UnusableKeystore extends Exception {

    private static final long serialVersionUID = 1L;

    /** With what an operator reads. */
    public UnusableKeystore(String message) {
        super(message);
    }
}
