package io.millrace.store;

import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.payment.Ledger.Balance;
import io.millrace.api.payment.Ledger.Nonces;
import io.millrace.api.payment.Ledger.PendingWinner;
import io.millrace.api.payment.Ledger.Spent;
import io.millrace.api.payment.Ledger.Totals;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Abandoned;
import io.millrace.api.payment.LedgerEntry.Closed;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.payment.LedgerEntry.Debited;
import io.millrace.api.payment.LedgerEntry.GasSpent;
import io.millrace.api.payment.LedgerEntry.HandedOver;
import io.millrace.api.payment.LedgerEntry.Pinned;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.RedemptionBegun;
import io.millrace.api.payment.LedgerEntry.RedemptionFailed;
import io.millrace.api.payment.LedgerEntry.SetAside;
import io.millrace.api.payment.LedgerEntry.TermsExpired;
import io.millrace.api.payment.LedgerEntry.TicketReceived;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.LedgerEntry.TicketsSent;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** The tables, through one connection and for one thread at a time. */
final class Books implements AutoCloseable {

    /** The SQLSTATE of a commit of which nobody can say whether it was done. */
    private static final String UNKNOWN = "unknown";

    /** Rows of the journal that are read at once. */
    private static final int PIECE = 1000;

    private static final String COLUMNS =
            Stream.of(Column.values()).map(Column::sql).collect(Collectors.joining(", "));
    private static final String INSERT_ROW = "INSERT INTO journal (number, at, hash, " + COLUMNS + ") VALUES (?, ?, ?"
            + ", ?".repeat(Column.values().length) + ")";
    private static final String SELECT_WAITING = "SELECT j.number, j.at, j.hash, "
            + COLUMNS.replaceAll("(\\w+)", "j.$1")
            + ", w.tries, w.in_flight, w.redeemer, w.failure"
            + " FROM winners w JOIN journal j ON j.number = w.number WHERE w.done = 0";
    private static final String SELECT_ROW = "SELECT number, at, hash, " + COLUMNS + " FROM journal";

    private record Kept(Rational amount, Optional<Price> pinnedPrice, Instant lastChange) implements Balance {}

    private record Used(Set<Long> received, long lastSent) implements Nonces {}

    private record Waiting(
            WinningTicket ticket, int tries, boolean inFlight, Optional<String> redeemer, Optional<String> lastFailure)
            implements PendingWinner {}

    private final DataSource source;
    private Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private String begin;

    /** The last row, while a transaction runs. */
    private long number;

    private String hash = JournalRow.NO_HASH;

    Books(DataSource source) throws SQLException {
        this.source = source;
        connection = source.getConnection();
    }

    /**
     * Another connection where the server or the network has ended the one before; never within a transaction.
     *
     * @return false when the one that is there has not ended
     */
    boolean reconnect() throws SQLException {
        if (!connection.isClosed()) {
            return false;
        }
        statements.clear();
        connection = source.getConnection();
        return true;
    }

    /**
     * Begins a transaction.
     *
     * @param statement what begins it and keeps everybody else from writing until it ends
     */
    void begin(String statement) throws SQLException {
        begin = statement;
        reconnect();
        try {
            execute(begin);
        } catch (SQLException e) {
            if (!reconnect()) {
                throw e;
            }
            execute(begin);
        }
        try (ResultSet row = query("SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1")) {
            boolean any = row.next();
            number = any ? row.getLong(1) : 0;
            hash = any ? row.getString(2) : JournalRow.NO_HASH;
        }
    }

    /** Commits. Where the connection ends before the answer, the row that was written last says what became of it. */
    void commit() throws SQLException {
        try {
            execute("COMMIT");
        } catch (SQLException e) {
            if (!connection.isClosed() || !isThere()) {
                throw e;
            }
        }
    }

    /** The lock waits until the server, too, is done with the connection that ended. */
    private boolean isThere() throws SQLException {
        try {
            reconnect();
            execute(begin);
            boolean there;
            try (ResultSet row = query("SELECT 1 FROM journal WHERE number = ? AND hash = ?", number, hash)) {
                there = row.next();
            }
            execute("ROLLBACK");
            return there;
        } catch (SQLException e) {
            throw new SQLException("whether the last appends were written is not known: " + e.getMessage(), UNKNOWN, e);
        }
    }

    void rollback() throws SQLException {
        execute("ROLLBACK");
    }

    /**
     * Writes all of these or none, within the transaction that runs.
     *
     * @param fields of each entry, in their order
     * @return false when one of them contradicts
     * @throws IllegalArgumentException when one of them cannot be written; none was, and the transaction goes on
     * @throws SQLException when the database failed: the whole transaction is to be rolled back
     */
    boolean write(Instant at, List<LedgerEntry> entries, List<Map<Column, String>> fields) throws SQLException {
        long numberBefore = number;
        String hashBefore = hash;
        execute("SAVEPOINT one_append");
        boolean written = false;
        IllegalArgumentException unwritable = null;
        try {
            written = writeEach(at, entries, fields);
        } catch (IllegalArgumentException e) {
            unwritable = e;
        }
        if (!written) {
            execute("ROLLBACK TO SAVEPOINT one_append");
            number = numberBefore;
            hash = hashBefore;
        }
        execute("RELEASE SAVEPOINT one_append");
        if (unwritable != null) {
            throw unwritable;
        }
        return written;
    }

    private boolean writeEach(Instant at, List<LedgerEntry> entries, List<Map<Column, String>> fields)
            throws SQLException {
        String time = Text.time(at);
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof TicketWon won && isKept(won.ticket().hash())) {
                continue;
            }
            JournalRow row = JournalRow.after(hash, number + 1, time, fields.get(i));
            if (!apply(entries.get(i), row)) {
                return false;
            }
            insert(row);
            number = row.number();
            hash = row.hash();
        }
        return true;
    }

    /** Whoever hands in the same winner again and again must not make the journal grow. */
    private boolean isKept(Bytes ticketHash) throws SQLException {
        try (ResultSet row = query("SELECT 1 FROM winners WHERE ticket = ?", ticketHash.hex())) {
            return row.next();
        }
    }

    private void insert(JournalRow row) throws SQLException {
        List<Object> values = new ArrayList<>(List.of(row.number(), row.at(), row.hash()));
        for (Column column : Column.values()) {
            values.add(row.fields().get(column));
        }
        update(INSERT_ROW, values.toArray());
    }

    /** Brings the other tables up to the row; false when it contradicts them. */
    private boolean apply(LedgerEntry entry, JournalRow row) throws SQLException {
        return switch (entry) {
            case Credited e -> credit(e, row);
            case Debited e -> debit(e, row);
            case SetAside e ->
                amount(e.balance()).equals(e.amount())
                        && change(e.balance(), Rational.ZERO.minus(e.amount()), row.at());
            case Pinned e -> pin(e, row.at());
            case Closed e -> close(e);
            case TicketReceived e -> receive(e);
            case TicketsSent e -> send(e);
            case TermsExpired e -> forget(e.block());
            case TicketWon e -> win(e.ticket(), row);
            case HandedOver e ->
                1 == update(
                        "UPDATE winners SET redeemer = ? WHERE ticket = ? AND done = 0",
                        Text.note(e.redeemer()),
                        e.ticketHash().hex());
            case RedemptionBegun e ->
                1 == update(
                        "UPDATE winners SET tries = tries + 1, in_flight = 1 WHERE ticket = ? AND done = 0",
                        e.ticketHash().hex());
            case RedemptionFailed e ->
                1 == update(
                        "UPDATE winners SET in_flight = 0, failure = ? WHERE ticket = ? AND done = 0",
                        Text.note(e.message()),
                        e.ticketHash().hex());
            case Redeemed e -> finish(e.ticketHash()) && pay(e);
            case GasSpent e -> true;
            case Abandoned e -> finish(e.ticketHash());
        };
    }

    private boolean credit(Credited entry, JournalRow row) throws SQLException {
        BalanceKey key = entry.balance();
        if (key.side() == Side.RECEIVED) {
            put(totals(key.side(), key.peer()).worth(entry.amount()));
        }
        return change(key, entry.amount(), row.at());
    }

    private boolean debit(Debited entry, JournalRow row) throws SQLException {
        BalanceKey key = entry.balance();
        put(totals(key.side(), key.peer()).worked(entry.amount()));
        return change(key, Rational.ZERO.minus(entry.amount()), row.at());
    }

    private Rational amount(BalanceKey key) throws SQLException {
        return balance(key).map(Balance::amount).orElse(Rational.ZERO);
    }

    private boolean change(BalanceKey key, Rational by, String at) throws SQLException {
        return put(key, amount(key).plus(by), null, at);
    }

    private boolean pin(Pinned entry, String at) throws SQLException {
        Optional<Balance> balance = balance(entry.balance());
        Optional<Price> pinned = balance.flatMap(Balance::pinnedPrice);
        if (pinned.isPresent() && !pinned.get().perUnit().equals(entry.price().perUnit())) {
            return false;
        }
        return put(
                entry.balance(),
                balance.map(Balance::amount).orElse(Rational.ZERO),
                Text.price(pinned.orElse(entry.price())),
                at);
    }

    /** Without a price the one that is there stays. */
    private boolean put(BalanceKey key, Rational amount, String price, String at) throws SQLException {
        update(
                "INSERT INTO balances (side, peer, balance, amount, price, changed) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (side, peer, balance) DO UPDATE SET amount = excluded.amount,"
                        + " price = coalesce(excluded.price, balances.price), changed = excluded.changed",
                Text.side(key.side()),
                key.peer().toString(),
                key.balance().value(),
                amount.toString(),
                price,
                at);
        return true;
    }

    private boolean close(Closed entry) throws SQLException {
        BalanceKey key = entry.balance();
        return 1 == update(
                "DELETE FROM balances WHERE side = ? AND peer = ? AND balance = ? AND changed = ?",
                Text.side(key.side()),
                key.peer().toString(),
                key.balance().value(),
                Text.time(entry.lastChange()));
    }

    private boolean receive(TicketReceived entry) throws SQLException {
        String terms = entry.recipientRandHash().hex();
        if (0 == update("INSERT INTO nonces (terms, nonce) VALUES (?, ?) ON CONFLICT DO NOTHING", terms, entry.nonce())) {
            return false;
        }
        update(
                "INSERT INTO terms (terms, last_sent, block) VALUES (?, 0, ?)"
                        + " ON CONFLICT (terms) DO UPDATE SET block = excluded.block",
                terms,
                Text.block(entry.expirationBlock()));
        return true;
    }

    private boolean send(TicketsSent entry) throws SQLException {
        String terms = entry.recipientRandHash().hex();
        if (lastSent(terms) + 1 != entry.firstNonce()) {
            return false;
        }
        update(
                "INSERT INTO terms (terms, last_sent, block) VALUES (?, ?, ?)"
                        + " ON CONFLICT (terms) DO UPDATE SET last_sent = excluded.last_sent, block = excluded.block",
                terms,
                entry.firstNonce() + entry.count() - 1,
                Text.block(entry.expirationBlock()));
        BalanceKey key = entry.balance();
        put(totals(key.side(), key.peer()).worth(entry.expectedValue()));
        return true;
    }

    private boolean forget(BigInteger block) throws SQLException {
        String last = Text.block(block);
        update("DELETE FROM nonces WHERE terms IN (SELECT terms FROM terms WHERE block <= ?)", last);
        update("DELETE FROM terms WHERE block <= ?", last);
        return true;
    }

    private boolean win(WinningTicket winner, JournalRow row) throws SQLException {
        Address sender = winner.ticket().sender();
        update(
                "INSERT INTO winners (ticket, number, sender, block) VALUES (?, ?, ?, ?)",
                row.fields().get(Column.TICKET),
                row.number(),
                sender.toString(),
                Text.block(winner.ticket().params().expirationBlock()));
        put(totals(Side.RECEIVED, sender).won(new Wei(winner.ticket().params().faceValue())));
        return true;
    }

    private boolean finish(Bytes ticketHash) throws SQLException {
        return 1 == update("UPDATE winners SET in_flight = 0, done = 1 WHERE ticket = ? AND done = 0", ticketHash.hex());
    }

    private boolean pay(Redeemed entry) throws SQLException {
        Address sender;
        try (ResultSet row = query(
                "SELECT sender FROM winners WHERE ticket = ?", entry.ticketHash().hex())) {
            row.next();
            sender = Text.address(row.getString(1));
        }
        put(totals(Side.RECEIVED, sender).redeemed(entry.paid()));
        return true;
    }

    private void put(PeerTotals totals) throws SQLException {
        update(
                "INSERT INTO totals (side, peer, value, work, winners, face_value, redeemed, paid)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (side, peer) DO UPDATE SET"
                        + " value = excluded.value, work = excluded.work, winners = excluded.winners,"
                        + " face_value = excluded.face_value, redeemed = excluded.redeemed, paid = excluded.paid",
                Text.side(totals.side()),
                totals.peer().toString(),
                totals.value().toString(),
                totals.work().toString(),
                totals.winners(),
                totals.faceValue().amount().toString(),
                totals.redeemed(),
                totals.paid().amount().toString());
    }

    /** See {@link io.millrace.api.payment.Ledger#balance}. */
    Optional<Balance> balance(BalanceKey key) throws SQLException {
        if (!Text.isName(key)) {
            return Optional.empty();
        }
        try (ResultSet row = query(
                "SELECT amount, price, changed FROM balances WHERE side = ? AND peer = ? AND balance = ?",
                Text.side(key.side()),
                key.peer().toString(),
                key.balance().value())) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new Kept(
                    Text.rational(row.getString(1)),
                    Optional.ofNullable(row.getString(2)).map(Text::price),
                    Instant.parse(row.getString(3))));
        }
    }

    /** See {@link io.millrace.api.payment.Ledger#idle}. */
    List<BalanceKey> idle(Side side, Instant before, int limit) throws SQLException {
        List<BalanceKey> keys = new ArrayList<>();
        try (ResultSet row = query(
                "SELECT peer, balance FROM balances WHERE side = ? AND changed < ? ORDER BY changed LIMIT ?",
                Text.side(side),
                Text.limit(before),
                limit)) {
            while (row.next()) {
                keys.add(new BalanceKey(side, Text.address(row.getString(1)), new BalanceId(row.getString(2))));
            }
        }
        return keys;
    }

    /** See {@link io.millrace.api.payment.Ledger#nonces}. */
    Nonces nonces(Bytes recipientRandHash) throws SQLException {
        String terms = recipientRandHash.hex();
        Set<Long> received = new TreeSet<>();
        try (ResultSet row = query("SELECT nonce FROM nonces WHERE terms = ?", terms)) {
            while (row.next()) {
                received.add(row.getLong(1));
            }
        }
        return new Used(received, lastSent(terms));
    }

    private long lastSent(String terms) throws SQLException {
        try (ResultSet row = query("SELECT last_sent FROM terms WHERE terms = ?", terms)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** See {@link io.millrace.api.payment.Ledger#winners}. */
    List<PendingWinner> winners(Optional<Address> sender, int limit) throws SQLException {
        return sender.isEmpty()
                ? waiting("", limit)
                : waiting(" AND w.sender = ?", sender.get().toString(), limit);
    }

    /** See {@link io.millrace.api.payment.Ledger#due}. */
    List<PendingWinner> due(BigInteger block, int limit) throws SQLException {
        return waiting(" AND w.block <= ?", Text.block(block), limit);
    }

    private List<PendingWinner> waiting(String condition, Object... values) throws SQLException {
        List<PendingWinner> winners = new ArrayList<>();
        try (ResultSet row = query(SELECT_WAITING + condition + " ORDER BY w.block, w.number LIMIT ?", values)) {
            while (row.next()) {
                winners.add(new Waiting(
                        read(row).winningTicket(),
                        row.getInt("tries"),
                        row.getInt("in_flight") == 1,
                        Optional.ofNullable(row.getString("redeemer")),
                        Optional.ofNullable(row.getString("failure"))));
            }
        }
        return winners;
    }

    /** See {@link io.millrace.api.payment.Ledger#waiting}. */
    int waiting(Optional<Address> sender) throws SQLException {
        String count = "SELECT count(*) FROM winners WHERE done = 0";
        try (ResultSet row = sender.isEmpty()
                ? query(count)
                : query(count + " AND sender = ?", sender.get().toString())) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The sums of one side and peer; zero where nothing was written of it. */
    private PeerTotals totals(Side side, Address peer) throws SQLException {
        try (ResultSet row = query(
                "SELECT * FROM totals WHERE side = ? AND peer = ?", Text.side(side), peer.toString())) {
            return row.next() ? readTotals(row) : PeerTotals.none(side, peer);
        }
    }

    /** See {@link io.millrace.api.payment.Ledger#totals}. */
    List<Totals> totals() throws SQLException {
        List<Totals> all = new ArrayList<>();
        try (ResultSet row = query("SELECT * FROM totals ORDER BY side, peer")) {
            while (row.next()) {
                all.add(readTotals(row));
            }
        }
        return all;
    }

    private static PeerTotals readTotals(ResultSet row) throws SQLException {
        return new PeerTotals(
                Text.side(row.getString("side")),
                Text.address(row.getString("peer")),
                Text.rational(row.getString("value")),
                Text.rational(row.getString("work")),
                row.getLong("winners"),
                new Wei(new BigInteger(row.getString("face_value"))),
                row.getLong("redeemed"),
                new Wei(new BigInteger(row.getString("paid"))));
    }

    /**
     * See {@link io.millrace.api.payment.Ledger#spent}. The journal is read from its end, piece by piece, until it is
     * older; the clocks of nodes that share it may differ by some seconds, which an hour more makes up for.
     */
    List<Spent> spent(Instant since) throws SQLException {
        String enough = Text.time(since.minus(Duration.ofHours(1)));
        Map<Instant, Map<Optional<Address>, Rational>> hours = new TreeMap<>();
        long before = Long.MAX_VALUE;
        boolean more = true;
        while (more) {
            more = false;
            try (ResultSet row = query(
                    "SELECT number, at, kind, peer, amount FROM journal WHERE number < ? ORDER BY number DESC LIMIT ?",
                    before,
                    PIECE)) {
                while (row.next() && row.getString(2).compareTo(enough) >= 0) {
                    before = row.getLong(1);
                    more = true;
                    Instant at = Instant.parse(row.getString(2));
                    boolean gas = row.getString(3).equals(JournalRow.GAS_SPENT);
                    if (!at.isBefore(since) && (gas || row.getString(3).equals(JournalRow.TICKETS_SENT))) {
                        Rational amount = gas ? Rational.of(new BigInteger(row.getString(5))) : Text.rational(row.getString(5));
                        hours.computeIfAbsent(at.truncatedTo(ChronoUnit.HOURS), hour -> new HashMap<>())
                                .merge(peer(row.getString(4)), amount, Rational::plus);
                    }
                }
            }
        }
        List<Spent> all = new ArrayList<>();
        hours.forEach((hour, peers) -> peers.forEach((peer, amount) -> all.add(new Spent(hour, peer, amount))));
        return all;
    }

    private static Optional<Address> peer(String text) {
        return Optional.ofNullable(text).map(Text::address);
    }

    /** The number of the last row; 0 when there is none. */
    long lastNumber() throws SQLException {
        try (ResultSet row = query("SELECT coalesce(max(number), 0) FROM journal")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The rows after one, in order. */
    List<JournalRow> journal(long after, int limit) throws SQLException {
        List<JournalRow> rows = new ArrayList<>();
        try (ResultSet row = query(SELECT_ROW + " WHERE number > ? ORDER BY number LIMIT ?", after, limit)) {
            while (row.next()) {
                rows.add(read(row));
            }
        }
        return rows;
    }

    private static JournalRow read(ResultSet row) throws SQLException {
        Map<Column, String> fields = new EnumMap<>(Column.class);
        for (Column column : Column.values()) {
            String text = row.getString(column.ordinal() + 4);
            if (text != null) {
                fields.put(column, text);
            }
        }
        return new JournalRow(row.getLong(1), row.getString(2), fields, row.getString(3));
    }

    private ResultSet query(String sql, Object... values) throws SQLException {
        return prepared(sql, values).executeQuery();
    }

    private int update(String sql, Object... values) throws SQLException {
        return prepared(sql, values).executeUpdate();
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private void execute(String sql) throws SQLException {
        prepared(sql).execute();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
