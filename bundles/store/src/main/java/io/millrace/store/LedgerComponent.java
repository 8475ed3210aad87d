package io.millrace.store;

import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.secret.SecretReference;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import java.io.OutputStream;
import java.math.BigInteger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** The ledger as a service: in a file of this node alone, or in a database that several nodes share. */
@Component(
        service = Ledger.class,
        configurationPid = LedgerComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
@Designate(ocd = StoreSettings.class)
public final class LedgerComponent implements Ledger {

    static final String PID = "io.millrace.store";

    private final SqlLedger ledger;

    /** Opens it; what cannot be used is an error that says what to do. */
    @Activate
    public LedgerComponent(StoreSettings settings) {
        ledger = settings.database().isBlank() ? inFile(settings) : inDatabase(settings);
    }

    private static SqlLedger inFile(StoreSettings settings) {
        Path directory = Path.of(settings.directory().strip());
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException(PID + ": directory is an absolute path, not '" + directory + "'");
        }
        return SqliteLedger.open(directory);
    }

    private static SqlLedger inDatabase(StoreSettings settings) {
        String url = settings.database().strip();
        if (!url.startsWith(PostgresLedger.SCHEME)) {
            throw new IllegalArgumentException(PID + ": database is " + PostgresLedger.SCHEME + "//HOST:PORT/NAME");
        }
        try {
            String password = SecretReference.read(settings.password().strip());
            return PostgresLedger.open(url, settings.user().strip(), password);
        } catch (IOException e) {
            throw new IllegalArgumentException(PID + ": password cannot be used: " + e.getMessage(), e);
        }
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

    @Override
    public List<PendingWinner> due(BigInteger block, int limit) {
        return ledger.due(block, limit);
    }

    @Override
    public int waiting(Optional<Address> sender) {
        return ledger.waiting(sender);
    }

    @Override
    public List<Spent> spent(Instant since) {
        return ledger.spent(since);
    }

    @Override
    public List<Totals> totals() {
        return ledger.totals();
    }

    @Override
    public void export(Format format, OutputStream out) throws IOException {
        ledger.export(format, out);
    }

    /** Writes what waits first. */
    @Deactivate
    void close() {
        ledger.close();
    }
}
