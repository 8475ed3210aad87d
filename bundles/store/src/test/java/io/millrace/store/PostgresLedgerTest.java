package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Rational;
import io.millrace.testkit.LedgerContract;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresLedgerTest extends LedgerContract {

    @TempDir
    static Path folder;

    /** The SQLSTATE of a connection that ended. */
    private static final String LOST = "08006";

    private static PostgresServer server;
    private static int databases;

    private PostgresLedger ledger;
    private String url;

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.start(folder);
    }

    @AfterAll
    static void stopServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected Ledger open() {
        databases++;
        execute(server.url("postgres"), "CREATE DATABASE ledger" + databases);
        url = server.url("ledger" + databases);
        ledger = another();
        return ledger;
    }

    @Override
    protected Ledger reopen(Ledger before) {
        ledger.close();
        ledger = another();
        return ledger;
    }

    @AfterEach
    void closeLedger() {
        ledger.close();
    }

    /** As another node of the same orchestrator. */
    private PostgresLedger another() {
        return PostgresLedger.open(url, PostgresServer.USER, "");
    }

    private static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url, PostgresServer.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void severalNodesShareIt() {
        try (PostgresLedger other = another()) {
            long written = IntStream.range(0, 200)
                    .parallel()
                    .filter(n -> (n % 2 == 0 ? ledger : other).append(Samples.NOON, Samples.ticket(n / 4)))
                    .count();
            assertEquals(50, written);
            for (PostgresLedger each : List.of(ledger, other)) {
                assertEquals(50, each.nonces(Samples.TERMS).received().size());
                assertEquals(
                        Samples.VALUE.times(Rational.of(50, 1)),
                        each.balance(Samples.KEY).orElseThrow().amount());
                assertEquals(Optional.empty(), each.check());
            }
        }
    }

    @Test
    void itGoesOnWhenTheServerIsBack() throws Exception {
        assertTrue(ledger.append(Samples.NOON, Samples.ticket(1)));
        server.restart();
        assertTrue(ledger.append(Samples.NOON, Samples.ticket(2)));
        for (int reader = 0; reader < 2; reader++) {
            assertEquals(4, ledger.lastNumber());
        }
        assertEquals(Optional.empty(), ledger.check());
    }

    /** The network ends while a commit is under way. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCommitWithoutAnAnswerIsLookedUp(boolean done) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(PostgresServer.USER);
        Connection broken = endsAtCommit(source.getConnection(), done);
        Connection next = source.getConnection();
        Iterator<Connection> connections = List.of(broken, next).iterator();
        InvocationHandler handler = (proxy, method, arguments) -> connections.next();
        try (Books books = new Books(proxy(DataSource.class, handler))) {
            books.begin(PostgresLedger.BEGIN);
            List<LedgerEntry> entries = Samples.ticket(1);
            assertTrue(books.write(
                    Samples.NOON, entries, entries.stream().map(JournalRow::fields).toList()));
            if (done) {
                books.commit();
            } else {
                SQLException failure = assertThrows(SQLException.class, books::commit);
                assertEquals(LOST, failure.getSQLState());
            }
        }
        assertEquals(done ? 2 : 0, ledger.lastNumber());
    }

    private static Connection endsAtCommit(Connection connection, boolean done) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("prepareStatement") && arguments[0].equals("COMMIT")) {
                if (done) {
                    connection.createStatement().execute("COMMIT");
                }
                connection.close();
                throw new SQLException("the network ended", LOST);
            }
            return method.invoke(connection, arguments);
        };
        return proxy(Connection.class, handler);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(PostgresLedgerTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void aNameThatTheServerDoesNotTakeStopsNobody() {
        BalanceKey odd = BalanceKey.received(Samples.ONE, new BalanceId("a\u0000b"));
        Fault fault = assertThrows(
                Fault.class, () -> ledger.append(Samples.NOON, List.of(new Credited(odd, Samples.VALUE))));
        assertEquals(Consequence.GIVE_UP, fault.consequence());
        assertEquals(Optional.empty(), ledger.balance(odd));
        assertTrue(ledger.append(Samples.NOON, Samples.ticket(1)));
    }

    @Test
    void theJournalCannotBeChanged() {
        assertTrue(ledger.append(Samples.NOON, Samples.ticket(1)));
        for (String change : List.of("UPDATE journal SET amount = '1'", "DELETE FROM journal", "TRUNCATE journal")) {
            assertThrows(IllegalStateException.class, () -> execute(url, change));
        }
    }

    @Test
    void aLaterVersionIsRefused() {
        execute(
                url,
                "INSERT INTO flyway_schema_history SELECT 3, '3', 'later', type, 'V3__later.sql', checksum,"
                        + " installed_by, installed_on, execution_time, success FROM flyway_schema_history"
                        + " WHERE version = '1'");
        Fault fault = assertThrows(Fault.class, this::another);
        assertEquals(Consequence.STOP_NODE, fault.consequence());
        assertTrue(fault.getMessage().contains("of version 3, which a later Millrace made"), fault.getMessage());
    }

    @Test
    void aServerThatIsNotThereIsTold() {
        Fault fault = assertThrows(
                Fault.class, () -> PostgresLedger.open("jdbc:postgresql://127.0.0.1:1/none", PostgresServer.USER, ""));
        assertEquals(Consequence.RETRY_HERE, fault.consequence());
        assertTrue(fault.getMessage().contains("none at 127.0.0.1"), fault.getMessage());
        assertTrue(fault.getMessage().contains("see whether the server runs"), fault.getMessage());
    }
}
