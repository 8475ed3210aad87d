package io.millrace.testkit;

import io.millrace.api.payment.ChainAccount;
import java.math.BigInteger;

class InMemoryChainAccountTest extends ChainAccountContract {

    @Override
    protected Chain chain() {
        BigInteger tokens = BigInteger.TEN.pow(21);
        InMemoryChainAccount account =
                new InMemoryChainAccount(new InMemoryWallet.Registry().wallet("account").address(), tokens);
        return new Chain() {
            @Override
            public ChainAccount account() {
                return account;
            }

            @Override
            public void nextRound() {
                account.nextRound();
            }

            @Override
            public void endRound() {
                account.endRound();
            }
        };
    }
}
