package io.millrace.testkit;

import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Wei;

class InMemorySettlementTest extends SettlementContract {

    @Override
    protected Chain chain() {
        InMemoryWallet.Registry registry = new InMemoryWallet.Registry();
        Wallet sender = registry.wallet("sender");
        Wallet orchestrator = registry.wallet("orchestrator");
        Wallet stranger = registry.wallet("stranger");
        InMemorySettlement settlement = new InMemorySettlement(stranger);
        settlement.activate(orchestrator.address());
        return new Chain() {
            @Override
            public Settlement settlement() {
                return settlement;
            }

            @Override
            public Wallet sender() {
                return sender;
            }

            @Override
            public Wallet orchestrator() {
                return orchestrator;
            }

            @Override
            public Wallet stranger() {
                return stranger;
            }

            @Override
            public void fund(Wei deposit, Wei reserve) {
                settlement.fund(sender.address(), deposit, reserve);
            }

            @Override
            public void unlock() {
                settlement.unlock(sender.address());
            }

            @Override
            public void mine(int blocks) {
                settlement.mine(blocks);
            }

            @Override
            public void nextRound() {
                settlement.nextRound();
            }
        };
    }
}
