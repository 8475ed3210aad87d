package io.millrace.store;

import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** The ledger as a service. */
@Component(
        service = Ledger.class,
        configurationPid = SqliteLedgerComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
@Designate(ocd = StoreSettings.class)
public final class SqliteLedgerComponent implements Ledger {

    static final String PID = "io.millrace.store";

    private final SqliteLedger ledger;

    /** Opens it; a file that cannot be used is an error that says what to do. */
    @Activate
    public SqliteLedgerComponent(StoreSettings settings) {
        Path directory = Path.of(settings.directory().strip());
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException(PID + ": directory is an absolute path, not '" + directory + "'");
        }
        ledger = SqliteLedger.open(directory);
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

    @Deactivate
    void close() {
        ledger.close();
    }
}
