package io.millrace.wallet;

import io.millrace.api.payment.Wallet;
import io.millrace.testkit.WalletContract;
import io.millrace.wallet.curve.Curve;
import io.millrace.wallet.keystore.UnusableKeystore;
import org.junit.jupiter.api.BeforeEach;

/** What a wallet does, done by wallets that come from keystore files. */
abstract class KeystoreWalletContract extends WalletContract {

    private Wallet wallet;
    private Wallet other;

    protected abstract Curve curve();

    @BeforeEach
    void unlock() throws UnusableKeystore {
        wallet = TestFiles.account("light.json", "password").unlock(curve());
        other = TestFiles.account("empty-password.json", "empty").unlock(curve());
    }

    @Override
    protected Wallet wallet() {
        return wallet;
    }

    @Override
    protected Wallet other() {
        return other;
    }
}
