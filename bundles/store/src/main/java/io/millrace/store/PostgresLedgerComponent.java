package io.millrace.store;

import io.millrace.api.payment.Ledger;
import io.millrace.api.secret.SecretReference;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** The ledger in a database that several nodes share. */
@Component(
        service = Ledger.class,
        configurationPid = PostgresLedgerComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
@Designate(ocd = PostgresSettings.class)
public final class PostgresLedgerComponent extends LedgerComponent {

    static final String PID = "io.millrace.store.postgres";

    private static final String SCHEME = "jdbc:postgresql:";

    /** Opens it; a server that cannot be reached is an error that says so. */
    @Activate
    public PostgresLedgerComponent(PostgresSettings settings) {
        super(PostgresLedger.open(url(settings.url().strip()), settings.user().strip(), password(settings)));
    }

    private static String url(String url) {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException(PID + ": url is " + SCHEME + "//HOST:PORT/DATABASE");
        }
        return url;
    }

    private static String password(PostgresSettings settings) {
        try {
            return SecretReference.read(settings.password().strip());
        } catch (IOException e) {
            throw new IllegalArgumentException(PID + ": password cannot be used: " + e.getMessage(), e);
        }
    }

    @Deactivate
    @Override
    void close() {
        super.close();
    }
}
