package io.millrace.arbitrum.devnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.payment.Wallet;
import io.millrace.testkit.WalletContract;
import org.junit.jupiter.api.Test;

class DevAccountTest extends WalletContract {

    @Override
    protected Wallet wallet() {
        return DevAccount.of(1);
    }

    @Override
    protected Wallet other() {
        return DevAccount.of(2);
    }

    @Test
    void itIsTheAccountThatEveryDevelopmentChainHas() {
        assertEquals("0x70997970C51812dc3A010C7d01b50e0d17dc79C8", DevAccount.of(1).address().checksummed());
        assertEquals("0x90F79bf6EB2c4f870365E785982E1f101E93b906", DevAccount.of(3).address().checksummed());
    }
}
