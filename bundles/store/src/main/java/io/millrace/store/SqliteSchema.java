package io.millrace.store;

import io.millrace.api.value.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables of a SQLite file, made or brought up to the version of this program. */
final class SqliteSchema {

    private static final int VERSION = 2;
    private static final int APPLICATION = 1298754668;
    private static final String SCRIPTS = "classpath:io/millrace/store/sqlite";

    private SqliteSchema() {}

    /**
     * Makes the tables where there are none.
     *
     * @throws Fault when the file is of a later program or of another one
     */
    static void prepare(Path file, DataSource source) throws SQLException {
        prepare(file, source, VERSION, SCRIPTS);
    }

    /** The same for another version, made by these scripts. */
    static void prepare(Path file, DataSource source, int version, String... scripts) throws SQLException {
        long found;
        try (Connection connection = source.getConnection()) {
            found = number(connection, "PRAGMA user_version");
            long application = number(connection, "PRAGMA application_id");
            if (application != APPLICATION && (application != 0 || found != 0)) {
                throw new Fault(
                        Fault.Consequence.STOP_NODE,
                        file + " is not a ledger of Millrace and is left as it is: give io.millrace.store another"
                                + " directory");
            }
            if (found > version) {
                throw new Fault(
                        Fault.Consequence.STOP_NODE,
                        "the ledger " + file + " is of version " + found + ", which a later Millrace made; this one knows"
                                + " versions up to " + version + " and leaves it as it is. Start the later Millrace again,"
                                + " or put back the copy that it made before (" + copy(file, version) + ")");
            }
            if (found > 0 && found < version) {
                copy(connection, copy(file, (int) found));
            }
        }
        if (found < version) {
            migrate(file, source, scripts);
        }
    }

    private static Path copy(Path file, int version) {
        return file.resolveSibling("ledger.v" + version + ".db");
    }

    /** Under another name first, so that a copy is whole or not there. */
    private static void copy(Connection connection, Path target) throws SQLException {
        Path draft = target.resolveSibling(target.getFileName() + ".new");
        try {
            Files.deleteIfExists(draft);
            SqliteLedger.create(draft);
            try (PreparedStatement statement = connection.prepareStatement("VACUUM INTO ?")) {
                statement.setString(1, draft.toString());
                statement.execute();
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new Fault(
                    Fault.Consequence.STOP_NODE,
                    "the ledger is to be brought up to a later version and cannot be copied to " + target + " before ("
                            + e + "); it is left as it is",
                    e);
        }
    }

    private static void migrate(Path file, DataSource source, String... scripts) {
        try {
            Flyway.configure(SqliteSchema.class.getClassLoader())
                    .dataSource(source)
                    .locations(scripts)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new Fault(
                    Fault.Consequence.STOP_NODE,
                    "the tables of the ledger " + file + " cannot be brought up to this version and are left as they are: "
                            + e.getMessage(),
                    e);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
