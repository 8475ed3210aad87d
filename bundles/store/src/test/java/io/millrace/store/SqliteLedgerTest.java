package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.payment.LedgerEntry.HandedOver;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.TermsExpired;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

class SqliteLedgerTest {

    private static final int PAGE = 4096;

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve(SqliteLedger.FILE);
    }

    private SqliteLedger open() {
        return SqliteLedger.open(directory);
    }

    private static void append(SqliteLedger ledger, LedgerEntry... entries) {
        assertTrue(ledger.append(Samples.NOON, List.of(entries)));
    }

    private Fault refused() {
        Fault fault = assertThrows(Fault.class, this::open);
        assertEquals(Consequence.STOP_NODE, fault.consequence());
        assertTrue(fault.getMessage().contains(file().toString()), fault.getMessage());
        return fault;
    }

    private static void assertSays(Fault fault, String... words) {
        for (String word : words) {
            assertTrue(fault.getMessage().contains(word), fault.getMessage());
        }
    }

    /** As somebody does it who has the file and no ledger. */
    private void execute(String... statements) throws SQLException {
        try (Connection connection = SqliteLedger.source(file()).getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void itWritesAheadAndWaitsForTheDisk() throws SQLException {
        try (Connection connection = SqliteLedger.source(file()).getConnection();
                Statement statement = connection.createStatement()) {
            assertEquals("wal", statement.executeQuery("PRAGMA journal_mode").getString(1));
            assertEquals(2, statement.executeQuery("PRAGMA synchronous").getInt(1), "FULL");
        }
    }

    @Test
    void theFileIsItsOwnersAlone() throws IOException {
        try (SqliteLedger ledger = open()) {
            append(ledger, new Credited(Samples.KEY, Samples.VALUE));
            for (String name : List.of("ledger.db", "ledger.db-wal", "ledger.db-shm")) {
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))),
                        name);
            }
        }
    }

    @Test
    void twoNodesDoNotShareAFile() {
        try (SqliteLedger ledger = open()) {
            assertSays(refused(), "in use by another node", "directory of its own");
            append(ledger, new Credited(Samples.KEY, Samples.VALUE));
        }
        open().close();
    }

    @Test
    void whatNamesHoldIsKeptAsItIs() {
        for (String name : List.of("\uD83D\uDE00", "' OR 1=1 --", "a\nb", "x".repeat(BalanceId.MAX_LENGTH))) {
            BalanceKey key = BalanceKey.received(Samples.ONE, new BalanceId(name));
            try (SqliteLedger ledger = open()) {
                append(ledger, new Credited(key, Samples.VALUE));
            }
            try (SqliteLedger ledger = open()) {
                assertTrue(ledger.idle(Side.RECEIVED, Instant.MAX, 100).contains(key), name);
                assertEquals(Samples.VALUE, ledger.balance(key).orElseThrow().amount());
                assertEquals(Optional.empty(), ledger.check());
            }
        }
    }

    @Test
    void anEntryThatCannotBeWrittenIsRefusedAndTheNextOneIsNot() {
        try (SqliteLedger ledger = open()) {
            for (BigInteger block : List.of(BigInteger.ONE.negate(), BigInteger.TEN.pow(78))) {
                Fault fault = assertThrows(
                        Fault.class, () -> ledger.append(Samples.NOON, List.of(new TermsExpired(block))));
                assertEquals(Consequence.GIVE_UP, fault.consequence());
            }
            BalanceKey odd = BalanceKey.received(Samples.ONE, new BalanceId("a\u0000b"));
            assertThrows(Fault.class, () -> ledger.append(Samples.NOON, List.of(new Credited(odd, Samples.VALUE))));
            assertEquals(Optional.empty(), ledger.balance(odd));
            assertThrows(Fault.class, () -> ledger.append(Instant.MAX, Samples.ticket(1)));
            assertTrue(ledger.append(Samples.NOON, Samples.ticket(1)));
        }
    }

    @Test
    void aClosedLedgerSaysSo() {
        SqliteLedger ledger = open();
        ledger.close();
        assertSays(assertThrows(Fault.class, () -> ledger.append(Samples.NOON, Samples.ticket(1))), "is closed");
        assertSays(assertThrows(Fault.class, () -> ledger.balance(Samples.KEY)), "is closed");
    }

    @Test
    void anInterruptedCallerLearnsWhetherItWasWritten() throws InterruptedException {
        try (SqliteLedger ledger = open()) {
            for (int i = 0; i < 50; i++) {
                long nonce = i;
                boolean[] written = new boolean[1];
                Thread caller = Thread.ofVirtual().start(() -> {
                    Thread.currentThread().interrupt();
                    try {
                        written[0] = ledger.append(Samples.NOON, Samples.ticket(nonce));
                    } catch (Fault e) {
                        assertEquals(Consequence.GIVE_UP, e.consequence());
                    }
                });
                caller.join();
                assertEquals(written[0], ledger.nonces(Samples.TERMS).received().contains(nonce));
            }
        }
    }

    @Test
    void aChangeOfAnOldRowIsFound() throws SQLException {
        try (SqliteLedger ledger = open()) {
            LongStream.range(0, 600).forEach(nonce -> assertTrue(ledger.append(Samples.NOON, Samples.ticket(nonce))));
            assertEquals(Optional.empty(), ledger.check());
        }
        String changed = "UPDATE journal SET amount = '1/2' WHERE number = 1004";
        assertThrows(SQLException.class, () -> execute(changed), "the table itself forbids it");
        assertThrows(SQLException.class, () -> execute("DELETE FROM journal WHERE number = 7"));
        execute("DROP TRIGGER journal_row_changed", "DROP TRIGGER journal_row_deleted", changed);
        try (SqliteLedger ledger = open()) {
            assertEquals(Optional.of("row 1004 of the journal is not what was written"), ledger.check());
        }
        execute("DELETE FROM journal WHERE number = 7");
        try (SqliteLedger ledger = open()) {
            assertEquals(Optional.of("row 7 of the journal is missing"), ledger.check());
        }
    }

    @Test
    void aFullDiskIsToldAndNothingIsWrittenUntilThereIsRoom() {
        SQLiteDataSource small = (SQLiteDataSource) SqliteLedger.source(file());
        open().close();
        small.getConfig().setPragma(SQLiteConfig.Pragma.MAX_PAGE_COUNT, "60");
        long written = 0;
        try (SqliteLedger ledger = SqliteLedger.open(directory, small, SqlLedger.GROUP)) {
            Fault fault = null;
            while (fault == null) {
                try {
                    ledger.append(Samples.NOON, Samples.ticket(written));
                    written++;
                } catch (Fault e) {
                    fault = e;
                }
            }
            assertEquals(Consequence.RETRY_HERE, fault.consequence(), fault.getMessage());
            assertSays(fault, "no room", "free some space");
            assertEquals(written, ledger.nonces(Samples.TERMS).received().size());
        }
        try (SqliteLedger ledger = open()) {
            assertEquals(written, ledger.nonces(Samples.TERMS).received().size());
            assertTrue(ledger.append(Samples.NOON, Samples.ticket(written)));
            assertEquals(Optional.empty(), ledger.check());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "middle", "text", "short"})
    void aDamagedFileIsToldAndLeftAsItIs(String where) throws IOException {
        try (SqliteLedger ledger = open()) {
            LongStream.range(0, 2000).forEach(nonce -> assertTrue(ledger.append(Samples.NOON, Samples.ticket(nonce))));
        }
        byte[] bytes = Files.readAllBytes(file());
        byte[] damaged = switch (where) {
            case "head" -> overwritten(bytes, 0, 100);
            case "middle" -> overwritten(bytes, PAGE, bytes.length - PAGE);
            case "text" -> "no database at all, but long enough to be looked at".repeat(100).getBytes(StandardCharsets.UTF_8);
            default -> Arrays.copyOf(bytes, bytes.length / 2);
        };
        Files.write(file(), damaged);
        Fault fault = assertThrows(Fault.class, () -> {
            try (SqliteLedger ledger = open()) {
                ledger.check();
                ledger.append(Samples.NOON, Samples.ticket(5000));
            }
        });
        assertEquals(Consequence.STOP_NODE, fault.consequence());
        assertSays(fault, file().toString(), "is damaged", "integrity_check", "a copy of ledger.db");
        assertEquals(damaged.length, Files.size(file()));
    }

    private static byte[] overwritten(byte[] bytes, int from, int length) {
        byte[] changed = bytes.clone();
        for (int i = 0; i < length; i++) {
            changed[from + i] = (byte) (i * 31);
        }
        return changed;
    }

    @Test
    void aDamagedLedgerIsNotWrittenToAnyMore() throws IOException {
        SqliteLedger ledger = open();
        LongStream.range(0, 2000).forEach(nonce -> assertTrue(ledger.append(Samples.NOON, Samples.ticket(nonce))));
        ledger.close();
        Files.write(file(), overwritten(Files.readAllBytes(file()), 2 * PAGE, 20 * PAGE));
        try (SqliteLedger damaged = open()) {
            Fault first = assertThrows(Fault.class, damaged::check);
            Fault next = assertThrows(Fault.class, () -> damaged.append(Samples.NOON, Samples.ticket(5000)));
            assertEquals(first.getMessage(), next.getMessage());
            assertEquals(Consequence.STOP_NODE, next.consequence());
        }
    }

    @Test
    void aFileOfAnotherProgramIsLeftAlone() throws SQLException {
        execute("CREATE TABLE things (name TEXT)", "PRAGMA user_version = 4");
        assertSays(refused(), "not a ledger of Millrace");
        execute("PRAGMA user_version = 0");
        assertSays(refused(), "left as they are");
        execute("INSERT INTO things VALUES ('still there')");
    }

    @Test
    void aLaterVersionIsRefusedAndAnEarlierOneIsCopiedBeforeItChanges() throws SQLException, IOException {
        try (SqliteLedger ledger = open()) {
            append(ledger, new Credited(Samples.KEY, Samples.VALUE));
        }
        SqliteSchema.prepare(
                file(), SqliteLedger.source(file()), 3, "classpath:io/millrace/store/sqlite", "classpath:next");
        assertSays(refused(), "of version 3", "Start the later Millrace again", "ledger.v2.db");
        execute("INSERT INTO added_later VALUES ('still there')");
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("ledger.v2.db"))));
        Files.move(directory.resolve("ledger.v2.db"), file(), StandardCopyOption.REPLACE_EXISTING);
        try (SqliteLedger ledger = open()) {
            assertEquals(Samples.VALUE, ledger.balance(Samples.KEY).orElseThrow().amount());
            assertEquals(Optional.empty(), ledger.check());
        }
    }

    @Test
    void aLedgerOfTheFirstVersionKeepsItsWinners() throws Exception {
        Path scripts = Files.createDirectory(directory.resolve("scripts"));
        try (InputStream first = SqliteLedger.class.getResourceAsStream("sqlite/V1__journal.sql")) {
            Files.copy(first, scripts.resolve("V1__journal.sql"));
        }
        SqliteLedger.create(file());
        SqliteSchema.prepare(file(), SqliteLedger.source(file()), 1, "filesystem:" + scripts);
        WinningTicket won = Samples.winner(Samples.ONE, 1, 1000);
        try (Connection connection = SqliteLedger.source(file()).getConnection();
                PreparedStatement row = connection.prepareStatement("INSERT INTO winners (ticket, number, sender, block)"
                        + " VALUES (?, 1, ?, ?)")) {
            JournalRow journal = JournalRow.after(
                    JournalRow.NO_HASH, 1, Text.time(Samples.NOON), JournalRow.fields(new TicketWon(won)));
            insert(connection, journal);
            row.setString(1, won.hash().hex());
            row.setString(2, Samples.ONE.toString());
            row.setString(3, Text.block(Samples.BLOCK));
            row.executeUpdate();
        }
        try (SqliteLedger ledger = open()) {
            assertEquals(won, ledger.winners(Optional.empty(), 10).getFirst().ticket());
            assertTrue(ledger.append(Samples.NOON, List.of(new HandedOver(won.hash(), "redeemer:1"))));
            assertEquals(
                    Optional.of("redeemer:1"),
                    ledger.winners(Optional.empty(), 10).getFirst().redeemer());
            assertEquals(Optional.empty(), ledger.check());
        }
        assertTrue(Files.exists(directory.resolve("ledger.v1.db")));
    }

    private static void insert(Connection connection, JournalRow journal) throws SQLException {
        Map<Column, String> fields = journal.fields();
        String names = fields.keySet().stream().map(Column::sql).collect(Collectors.joining(", "));
        try (PreparedStatement row = connection.prepareStatement("INSERT INTO journal (number, at, hash, " + names
                + ") VALUES (?, ?, ?" + ", ?".repeat(fields.size()) + ")")) {
            row.setLong(1, journal.number());
            row.setString(2, journal.at());
            row.setString(3, journal.hash());
            int place = 4;
            for (String value : fields.values()) {
                row.setString(place, value);
                place++;
            }
            row.executeUpdate();
        }
    }

    @Test
    void aLedgerThatIsGoneIsNotMadeAnew() throws IOException {
        open().close();
        Path kept = Files.move(file(), directory.resolve("kept"));
        assertSays(refused(), "is gone", "put it or a copy of it back");
        Files.createFile(file());
        assertSays(refused(), "is gone");
        Files.move(kept, file(), StandardCopyOption.REPLACE_EXISTING);
        open().close();
    }

    @Test
    void aFileThatAnotherProgramLocksIsWaitedForAndThenTold() throws SQLException {
        try (SqliteLedger ledger = open();
                Connection other = SqliteLedger.source(file()).getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            Fault fault = assertThrows(Fault.class, () -> ledger.append(Samples.NOON, Samples.ticket(1)));
            assertEquals(Consequence.RETRY_HERE, fault.consequence());
            assertSays(fault, "another program", "nothing was written");
            statement.execute("ROLLBACK");
            assertTrue(ledger.append(Samples.NOON, Samples.ticket(1)));
        }
    }

    @Test
    void moreThanMayWaitAreRefused() throws Exception {
        open().close();
        try (Connection other = SqliteLedger.source(file()).getConnection();
                Statement statement = other.createStatement();
                Books books = new Books(SqliteLedger.source(file()));
                GroupCommit commits = new GroupCommit(books, "BEGIN IMMEDIATE", 1, 1)) {
            statement.execute("BEGIN IMMEDIATE");
            // One is being written, one waits, and nothing is left for the third.
            List<Future<Boolean>> appends = new ArrayList<>();
            CountDownLatch refused = new CountDownLatch(1);
            AtomicInteger busy = new AtomicInteger();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (long i = 0; i < 3; i++) {
                    long nonce = i;
                    appends.add(threads.submit(() -> {
                        try {
                            return commits.append(Samples.NOON, Samples.ticket(nonce));
                        } catch (Fault e) {
                            assertEquals(Consequence.BUSY, e.consequence());
                            busy.incrementAndGet();
                            refused.countDown();
                            return false;
                        }
                    }));
                }
                refused.await();
                statement.execute("ROLLBACK");
                int written = 0;
                for (Future<Boolean> append : appends) {
                    written += append.get() ? 1 : 0;
                }
                assertEquals(3, written + busy.get());
                assertTrue(written >= 1);
            }
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsTold() throws IOException {
        Path occupied = Files.writeString(directory.resolve("occupied"), "");
        Fault fault = assertThrows(Fault.class, () -> SqliteLedger.open(occupied));
        assertEquals(Consequence.STOP_NODE, fault.consequence());
        assertSays(fault, occupied.toString(), "directory of io.millrace.store");
    }

    @Test
    void totalsOutliveTheProcessAndAnAppendThatIsRefused() {
        WinningTicket first = Samples.winner(Samples.ONE, 1, 70);
        try (SqliteLedger ledger = open()) {
            append(
                    ledger,
                    new Credited(Samples.KEY, Rational.of(80, 3)),
                    new TicketWon(first),
                    new Redeemed(first.hash(), Bytes.utf8("tx"), Wei.of(60)));
            assertFalse(ledger.append(
                    Samples.NOON,
                    List.of(new Credited(Samples.KEY, Samples.VALUE), new Redeemed(first.hash(), Bytes.EMPTY, Wei.of(60)))));
        }
        try (SqliteLedger ledger = open()) {
            assertEquals(
                    List.of(new PeerTotals(
                            Side.RECEIVED,
                            Samples.ONE,
                            Rational.of(80, 3),
                            Rational.ZERO,
                            1,
                            Wei.of(70),
                            1,
                            Wei.of(60))),
                    ledger.totals());
        }
    }

    @Test
    void anExportTellsAllButTheSecrets() throws IOException {
        BalanceKey formula = BalanceKey.received(Samples.ONE, new BalanceId("=1+1,\"x\"\\"));
        try (SqliteLedger ledger = open()) {
            append(ledger, new Credited(formula, Rational.of(-1, 3)));
            append(ledger, new TicketWon(Samples.winner(Samples.ONE, 1, 70)));
            for (int i = 0; i < 600; i++) {
                append(ledger, new TermsExpired(BigInteger.valueOf(i)));
            }
            List<JournalRow> rows = ledger.journal(0, 1000);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new LedgerExport(ledger).csv(out);
            String csv = out.toString(StandardCharsets.UTF_8);
            List<String> lines = csv.lines().toList();
            assertEquals(603, lines.size());
            assertTrue(lines.getFirst().startsWith("number,at,kind,side,peer,balance,amount,price,"), lines.getFirst());
            assertTrue(lines.getFirst().endsWith(",signature,hash"), lines.getFirst());
            assertEquals(
                    "1,2026-01-01T12:00:00.000000000Z,credited,received," + Samples.ONE
                            + ",\"'=1+1,\"\"x\"\"\\\",-1/3" + ",".repeat(16) + rows.getFirst().hash(),
                    lines.get(1));
            out.reset();
            new LedgerExport(ledger).json(out);
            String json = out.toString(StandardCharsets.UTF_8);
            assertEquals(604, json.lines().count());
            assertEquals(
                    "{\"number\":1,\"at\":\"2026-01-01T12:00:00.000000000Z\",\"kind\":\"credited\",\"side\":\"received\","
                            + "\"peer\":\"" + Samples.ONE + "\",\"balance\":\"=1+1,\\\"x\\\"\\\\\",\"amount\":\"-1/3\","
                            + "\"hash\":\"" + rows.getFirst().hash() + "\"},",
                    json.lines().toList().get(1));
            assertEquals(Samples.SECRET.hex(), rows.get(1).fields().get(Column.SECRET));
            for (String export : Set.of(csv, json)) {
                assertFalse(export.contains(Samples.SECRET.hex()));
                assertTrue(export.contains(Samples.TERMS.hex()));
            }
        }
    }

    @Test
    void anEmptyLedgerIsExportedToo() throws IOException {
        try (SqliteLedger ledger = open()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new LedgerExport(ledger).json(out);
            assertEquals("[\n]\n", out.toString(StandardCharsets.UTF_8));
        }
    }
}
