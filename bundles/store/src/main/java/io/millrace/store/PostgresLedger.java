package io.millrace.store;

import io.millrace.api.value.Fault;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.postgresql.ds.PGSimpleDataSource;

/** The ledger of several nodes in one PostgreSQL database. */
final class PostgresLedger extends SqlLedger {

    /** How its URLs begin. */
    static final String SCHEME = "jdbc:postgresql:";

    private static final String SCRIPTS = "classpath:io/millrace/store/postgres";

    /** One node writes at a time; what it finds is what the others have written before. */
    static final String BEGIN = "BEGIN; LOCK TABLE journal IN EXCLUSIVE MODE";

    /** Commits wait for the disk whatever the server's default is, and nobody waits for a lock without end. */
    private static final String OPTIONS = "-c synchronous_commit=on -c lock_timeout=10s";

    private static final int CONNECT_SECONDS = 10;
    private static final int ANSWER_SECONDS = 60;

    private final String where;

    private PostgresLedger(PGSimpleDataSource source, int group) throws SQLException {
        super(source, BEGIN, group);
        where = where(source);
    }

    /**
     * Opens the ledger of a database; the first time it makes the tables.
     *
     * @param url such as {@code jdbc:postgresql://host:5432/database}
     * @throws Fault when the server cannot be reached or the database is of a later version; it says what to do
     */
    static PostgresLedger open(String url, String user, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password);
        source.setOptions(OPTIONS);
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setSocketTimeout(ANSWER_SECONDS);
        source.setTcpKeepAlive(true);
        try {
            source.getConnection().close();
            migrate(source);
            return new PostgresLedger(source, GROUP);
        } catch (SQLException e) {
            throw fault(where(source), e);
        }
    }

    private static void migrate(PGSimpleDataSource source) {
        try {
            Flyway flyway = Flyway.configure(PostgresLedger.class.getClassLoader())
                    .dataSource(source)
                    .locations(SCRIPTS)
                    .load();
            MigrationInfo current = flyway.info().current();
            if (current != null && current.getState() == MigrationState.FUTURE_SUCCESS) {
                throw new Fault(
                        Fault.Consequence.STOP_NODE,
                        "the ledger " + where(source) + " is of version " + current.getVersion() + ", which a later"
                                + " Millrace made; this one leaves it as it is. Start the later Millrace on all nodes");
            }
            flyway.migrate();
        } catch (FlywayException e) {
            throw new Fault(
                    Fault.Consequence.STOP_NODE,
                    "the tables of the ledger " + where(source) + " cannot be brought up to this version and are left as"
                            + " they are: " + e.getMessage(),
                    e);
        }
    }

    private static String where(PGSimpleDataSource source) {
        return "in the database " + source.getDatabaseName() + " at " + String.join(",", source.getServerNames());
    }

    @Override
    Fault fault(SQLException failure) {
        return fault(where, failure);
    }

    /** By the class of the SQLSTATE, which the SQL standard and the manual of PostgreSQL list. */
    private static Fault fault(String where, SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        String text = "the ledger " + where + " cannot be used (" + failure.getMessage() + ")";
        return switch (state.substring(0, Math.min(2, state.length()))) {
            case "08", "57" ->
                new Fault(Fault.Consequence.RETRY_HERE, text + ": see whether the server runs and is reached", failure);
            case "53" -> new Fault(Fault.Consequence.RETRY_HERE, text + ": give the server what it lacks", failure);
            case "55", "40" -> new Fault(Fault.Consequence.RETRY_HERE, text + ": another node keeps it locked", failure);
            case "22" -> new Fault(Fault.Consequence.GIVE_UP, text, failure);
            default ->
                new Fault(Fault.Consequence.STOP_NODE, text + ": see the log of the server and start the node again", failure);
        };
    }
}
