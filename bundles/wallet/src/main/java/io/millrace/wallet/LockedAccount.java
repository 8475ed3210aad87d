package io.millrace.wallet;

import io.millrace.api.secret.SecretReference;
import io.millrace.api.value.Address;
import io.millrace.wallet.curve.Curve;
import io.millrace.wallet.keystore.KeyFile;
import io.millrace.wallet.keystore.Keystore;
import io.millrace.wallet.keystore.UnusableKeystore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A keystore file and where its password is.
 *
 * @param file the keystore file
 * @param account the account that it is to be of; empty when any will do
 * @param password refers to the password
 * @param orchestrator the orchestrator that the node works for; empty when it is the account itself
 */
record LockedAccount(KeyFile file, Optional<Address> account, String password, Optional<Address> orchestrator) {

    /**
     * What the settings name; nothing when none is set. The file is read; whether the password is right is not known
     * yet.
     *
     * @throws UnusableKeystore when they cannot be used
     */
    static Optional<LockedAccount> of(String keystore, String account, String password, String orchestrator)
            throws UnusableKeystore {
        if (keystore.isEmpty() && account.isEmpty() && password.isEmpty() && orchestrator.isEmpty()) {
            return Optional.empty();
        }
        if (!Path.of(keystore).isAbsolute()) {
            throw new UnusableKeystore("'keystore' is '" + keystore + "'. Set it to the absolute path of a keystore file"
                    + " or folder");
        }
        Optional<Address> wanted = address("account", account);
        if (!password.isEmpty() && !SecretReference.is(password)) {
            // it is not repeated: it may be the password
            throw new UnusableKeystore("'password' does not say where the password is. Set it to file:/absolute/path or"
                    + " env:NAME; leave it empty for an empty password");
        }
        return Optional.of(new LockedAccount(
                Keystore.find(Path.of(keystore), wanted),
                wanted,
                password,
                address("orchestratorAccount", orchestrator)));
    }

    private static Optional<Address> address(String setting, String text) throws UnusableKeystore {
        Optional<Address> address = Keystore.account(text);
        if (address.isEmpty() && !text.isEmpty()) {
            throw new UnusableKeystore("'" + setting + "' is no address of 0x and 40 digits. Correct it");
        }
        return address;
    }

    /**
     * Its wallet. Takes about a second for a file of standard strength.
     *
     * @throws UnusableKeystore when the password is wrong or cannot be read, or the file is of another account
     */
    KeystoreWallet unlock(Curve curve) throws UnusableKeystore {
        byte[] secret = decrypt();
        try {
            KeystoreWallet wallet = new KeystoreWallet(curve, curve.key(secret), orchestrator);
            Optional<Address> expected = account.or(file::address);
            if (expected.isPresent() && !expected.get().equals(wallet.address())) {
                wallet.close();
                throw new UnusableKeystore("the key in " + file.file() + " is of account " + wallet.address() + ", not of "
                        + expected.get() + ". Correct 'account' or 'keystore'");
            }
            return wallet;
        } catch (IllegalArgumentException e) {
            throw new UnusableKeystore(file.file() + " is unlocked and holds no private key. Name another file");
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private byte[] decrypt() throws UnusableKeystore {
        byte[] secret;
        try {
            secret = password.isEmpty() ? new byte[0] : SecretReference.bytes(password);
        } catch (IOException e) {
            throw new UnusableKeystore("the password cannot be read: " + e.getMessage() + ". Correct 'password'");
        }
        try {
            return file.decrypt(secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
