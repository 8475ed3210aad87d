package io.millrace.testkit;

import io.millrace.api.payment.Wallet;

class InMemoryWalletTest extends WalletContract {

    private final InMemoryWallet.Registry registry = new InMemoryWallet.Registry();

    @Override
    protected Wallet wallet() {
        return registry.wallet("one");
    }

    @Override
    protected Wallet other() {
        return registry.wallet("other");
    }
}
