package io.millrace.wallet.curve;

/** What is done with the curve secp256k1. Its two implementations answer with the same bytes. Thread-safe. */
public interface Curve {

    /** Length of a digest, and of a private key, in bytes. */
    int DIGEST = 32;

    /** Length of a signature in bytes: r, s, and v of 27 or 28. */
    int SIGNATURE = 65;

    /** Length of a public key in bytes: x and y. */
    int PUBLIC_KEY = 64;

    /** What does the arithmetic, for a person. */
    String name();

    /**
     * Takes a private key of 32 bytes, which are copied: the caller wipes its own.
     *
     * @throws IllegalArgumentException when it is no key: zero, or not below the order of the curve
     */
    SigningKey key(byte[] secret);

    /**
     * The public key that made {@code signature} of {@code digest}, 64 bytes; none when it cannot be the signature of
     * any key.
     *
     * @param digest 32 bytes
     * @param signature 65 bytes of which the last is 27 or 28
     */
    byte[] recover(byte[] digest, byte[] signature);

    /** A private key that can sign. Thread-safe. */
    interface SigningKey extends AutoCloseable {

        /** Its public key, 64 bytes. */
        byte[] publicKey();

        /**
         * Signs a digest of 32 bytes with the nonce of RFC 6979: 65 bytes, s in the lower half, v of 27 or 28.
         *
         * @throws IllegalStateException when it is closed
         */
        byte[] sign(byte[] digest);

        /** Wipes the private key, when the signatures that are being made are done. */
        @Override
        void close();
    }
}
