package io.millrace.store;

import io.millrace.api.payment.Ledger;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** The ledger in a file, of this node alone. */
@Component(
        service = Ledger.class,
        configurationPid = SqliteLedgerComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
@Designate(ocd = StoreSettings.class)
public final class SqliteLedgerComponent extends LedgerComponent {

    static final String PID = "io.millrace.store";

    /** Opens it; a file that cannot be used is an error that says what to do. */
    @Activate
    public SqliteLedgerComponent(StoreSettings settings) {
        super(SqliteLedger.open(directory(settings.directory().strip())));
    }

    private static Path directory(String text) {
        Path directory = Path.of(text);
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException(PID + ": directory is an absolute path, not '" + text + "'");
        }
        return directory;
    }

    @Deactivate
    @Override
    void close() {
        super.close();
    }
}
