package io.millrace.store;

import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A ledger as a service. */
abstract class LedgerComponent implements Ledger {

    private final SqlLedger ledger;

    LedgerComponent(SqlLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public boolean append(Instant at, List<LedgerEntry> entries) {
        return ledger.append(at, entries);
    }

    @Override
    public Optional<Balance> balance(BalanceKey key) {
        return ledger.balance(key);
    }

    @Override
    public List<BalanceKey> idle(Side side, Instant before, int limit) {
        return ledger.idle(side, before, limit);
    }

    @Override
    public Nonces nonces(Bytes recipientRandHash) {
        return ledger.nonces(recipientRandHash);
    }

    @Override
    public List<PendingWinner> winners(Optional<Address> sender, int limit) {
        return ledger.winners(sender, limit);
    }

    /** Writes what waits, and closes the database. */
    void close() {
        ledger.close();
    }
}
