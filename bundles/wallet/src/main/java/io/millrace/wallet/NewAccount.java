package io.millrace.wallet;

import io.millrace.wallet.curve.Curve;
import io.millrace.wallet.keystore.NewKeyFile;
import io.millrace.wallet.keystore.UnusableKeystore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;

/** Makes an account. */
public final class NewAccount {

    private NewAccount() {}

    /**
     * Writes a keystore file with a new key.
     *
     * @param folder the keystore
     * @param password UTF-8, which the caller wipes
     * @return the file
     * @throws IOException when it cannot be written
     * @throws UnusableKeystore when there is not enough memory to encipher it
     */
    public static Path create(Curve curve, Path folder, byte[] password, Instant now)
            throws IOException, UnusableKeystore {
        byte[] secret = new byte[Curve.DIGEST];
        // One in 2^128 is no key; that one is an IllegalArgumentException of the curve.
        new SecureRandom().nextBytes(secret);
        try (KeystoreWallet wallet = new KeystoreWallet(curve, curve.key(secret))) {
            return NewKeyFile.write(folder, wallet.address(), secret, password, now);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
