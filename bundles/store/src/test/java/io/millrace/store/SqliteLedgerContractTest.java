package io.millrace.store;

import io.millrace.api.payment.Ledger;
import io.millrace.testkit.LedgerContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerContractTest extends LedgerContract {

    @TempDir
    Path directory;

    private SqliteLedger ledger;

    @Override
    protected Ledger open() {
        ledger = SqliteLedger.open(directory);
        return ledger;
    }

    @Override
    protected Ledger reopen(Ledger before) {
        ledger.close();
        return open();
    }

    @AfterEach
    void close() {
        ledger.close();
    }
}
