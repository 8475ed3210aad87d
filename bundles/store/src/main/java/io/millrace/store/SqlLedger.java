package io.millrace.store;

import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import java.io.OutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ledger in a database. Whoever calls only waits; the database is spoken to by one thread that writes and a few that
 * read, each with a connection of its own.
 */
abstract class SqlLedger implements Ledger, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SqlLedger.class);

    /** Appends that share a commit at most. */
    static final int GROUP = 256;

    private static final int PIECE = 500;
    private static final int READERS = 2;
    private static final int WAITING = 4096;

    private final List<Books> opened = new ArrayList<>();
    private final BlockingQueue<Books> free = new ArrayBlockingQueue<>(READERS);
    private final ThreadPoolExecutor readers = new ThreadPoolExecutor(
            READERS,
            READERS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("ledger-reader-", 0).daemon().factory());
    private final GroupCommit writer;
    private volatile Fault unusable;

    /**
     * Opens the connections.
     *
     * @param begin see {@link Books#begin}
     * @param group appends that share a commit at most
     */
    SqlLedger(DataSource source, String begin, int group) throws SQLException {
        try {
            for (int i = 0; i < READERS; i++) {
                free.add(open(source));
            }
            writer = new GroupCommit(open(source), begin, group, WAITING);
        } catch (SQLException | RuntimeException e) {
            closeAll();
            throw e;
        }
    }

    private Books open(DataSource source) throws SQLException {
        Books books = new Books(source);
        opened.add(books);
        return books;
    }

    /** What a failure of the database means to whoever called. */
    abstract Fault fault(SQLException failure);

    /** After a failure that the node cannot go on with, nothing is tried any more. */
    private void requireUsable() {
        Fault before = unusable;
        if (before != null) {
            throw new Fault(before.consequence(), before.getMessage(), before);
        }
    }

    private Fault failed(SQLException failure) {
        Fault fault = fault(failure);
        if (fault.consequence() == Fault.Consequence.STOP_NODE) {
            unusable = fault;
        }
        return fault;
    }

    @Override
    public boolean append(Instant at, List<LedgerEntry> entries) {
        requireUsable();
        try {
            return writer.append(at, entries);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public Optional<Balance> balance(BalanceKey key) {
        return read(books -> books.balance(key));
    }

    @Override
    public List<BalanceKey> idle(Side side, Instant before, int limit) {
        return read(books -> books.idle(side, before, limit));
    }

    @Override
    public Nonces nonces(Bytes recipientRandHash) {
        return read(books -> books.nonces(recipientRandHash));
    }

    @Override
    public List<PendingWinner> winners(Optional<Address> sender, int limit) {
        return read(books -> books.winners(sender, limit));
    }

    @Override
    public List<PendingWinner> due(BigInteger block, int limit) {
        return read(books -> books.due(block, limit));
    }

    @Override
    public int waiting(Optional<Address> sender) {
        return read(books -> books.waiting(sender));
    }

    @Override
    public List<Totals> totals() {
        return read(Books::totals);
    }

    @Override
    public List<Spent> spent(Instant since) {
        return read(books -> books.spent(since));
    }

    @Override
    public void export(Format format, OutputStream out) throws IOException {
        switch (format) {
            case CSV -> new LedgerExport(this).csv(out);
            case JSON -> new LedgerExport(this).json(out);
        }
    }

    /** At most {@code limit} rows of the journal after the one of this number; none at its end. */
    List<JournalRow> journal(long after, int limit) {
        return read(books -> books.journal(after, limit));
    }

    /** The number of the journal's last row; 0 when there is none. */
    long lastNumber() {
        return read(Books::lastNumber);
    }

    /**
     * Looks whether each row of the journal is there and is what it was written as. Rows that are missing at its end
     * are not noticed.
     *
     * @return what is wrong with the first bad one
     */
    Optional<String> check() {
        String hash = JournalRow.NO_HASH;
        long number = 0;
        for (List<JournalRow> rows = journal(0, PIECE); !rows.isEmpty(); rows = journal(number, PIECE)) {
            for (JournalRow row : rows) {
                number++;
                if (row.number() != number) {
                    return Optional.of("row " + number + " of the journal is missing");
                }
                if (!row.hash().equals(row.expectedHash(hash))) {
                    return Optional.of("row " + number + " of the journal is not what was written");
                }
                hash = row.hash();
            }
        }
        return Optional.empty();
    }

    /** A question to the database. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(Books books) throws SQLException;
    }

    private <T> T read(Question<T> question) {
        requireUsable();
        Future<T> answer;
        try {
            Callable<T> task = () -> withBooks(question);
            answer = readers.submit(task);
        } catch (RejectedExecutionException e) {
            boolean closed = readers.isShutdown();
            throw new Fault(
                    closed ? Fault.Consequence.RETRY_HERE : Fault.Consequence.BUSY,
                    closed ? "the ledger is closed" : "the ledger has " + WAITING + " reads waiting",
                    e);
        }
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new Fault(Fault.Consequence.GIVE_UP, "interrupted while the ledger was read", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw failed(cause);
            }
            throw new IllegalStateException("the ledger cannot be read", e.getCause());
        }
    }

    private <T> T withBooks(Question<T> question) throws SQLException, InterruptedException {
        Books books = free.take();
        try {
            books.reconnect();
            return question.ask(books);
        } catch (SQLException e) {
            if (!books.reconnect()) {
                throw e;
            }
            return question.ask(books);
        } finally {
            free.add(books);
        }
    }

    /** Writes what waits to be written, and closes the database. */
    @Override
    public void close() {
        writer.close();
        readers.shutdown();
        boolean interrupted = false;
        while (!readers.isTerminated()) {
            try {
                readers.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        closeAll();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        for (Books books : opened) {
            try {
                books.close();
            } catch (SQLException e) {
                LOG.warn("A connection of the ledger does not close", e);
            }
        }
    }
}
