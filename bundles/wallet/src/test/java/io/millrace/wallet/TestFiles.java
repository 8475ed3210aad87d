package io.millrace.wallet;

import io.millrace.wallet.keystore.UnusableKeystore;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * Keystore files in the test resources. standard, light and empty-password were made by go-ethereum 1.13.5, the
 * version in go-livepeer, of accounts 3, 3 and 1 of the public test mnemonic ("test test ... junk"); the others are
 * the test vectors of the Web3 Secret Storage Definition and of go-ethereum.
 */
public final class TestFiles {

    private TestFiles() {}

    /** Where a file of the test resources is. */
    public static Path path(String name) {
        try {
            return Path.of(TestFiles.class.getResource("/keystores/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static LockedAccount account(String file, String password) throws UnusableKeystore {
        return LockedAccount.of(path(file).toString(), "", "file:" + path(password), "")
                .orElseThrow();
    }
}
