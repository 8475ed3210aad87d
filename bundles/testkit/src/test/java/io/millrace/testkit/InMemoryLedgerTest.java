package io.millrace.testkit;

import io.millrace.api.payment.Ledger;

class InMemoryLedgerTest extends LedgerContract {

    @Override
    protected Ledger open() {
        return new InMemoryLedger();
    }

    @Override
    protected Ledger reopen(Ledger before) {
        return ((InMemoryLedger) before).reopened();
    }
}
