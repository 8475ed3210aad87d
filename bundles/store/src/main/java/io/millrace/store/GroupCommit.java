package io.millrace.store;

import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.value.Fault;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One thread that writes. It takes all appends that wait, writes each by itself, commits once for all of them and then
 * answers, so that many who write at the same time share one wait for the disk.
 */
final class GroupCommit implements AutoCloseable {

    private static final class Append {
        final Instant at;
        final List<LedgerEntry> entries;
        final List<Map<Column, String>> fields;
        final CompletableFuture<Boolean> answer = new CompletableFuture<>();

        /** Set by the writer when it begins, or by the caller when it gives up before that. */
        final AtomicBoolean taken = new AtomicBoolean();

        Append(Instant at, List<LedgerEntry> entries) {
            this.at = at;
            this.entries = List.copyOf(entries);
            fields = this.entries.stream().map(JournalRow::fields).toList();
        }
    }

    private final Books books;
    private final String begin;
    private final int most;
    private final BlockingQueue<Append> queue;
    private final Append end = new Append(Instant.EPOCH, List.of());
    private final Thread writer;
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param books what it writes with; nobody else uses them until {@link #close} has returned
     * @param begin see {@link Books#begin}
     * @param most how many appends share a commit
     * @param waiting how many may wait
     */
    GroupCommit(Books books, String begin, int most, int waiting) {
        this.books = books;
        this.begin = begin;
        this.most = most;
        queue = new ArrayBlockingQueue<>(waiting);
        writer = Thread.ofPlatform().name("ledger-writer").daemon().unstarted(this::run);
        writer.start();
    }

    /**
     * See {@link io.millrace.api.payment.Ledger#append}.
     *
     * @throws SQLException when it could not be written; nothing was
     */
    boolean append(Instant at, List<LedgerEntry> entries) throws SQLException {
        Append append = prepare(at, entries);
        if (closed) {
            throw closed();
        }
        if (!queue.offer(append)) {
            throw new Fault(
                    Fault.Consequence.BUSY,
                    "the ledger has " + queue.size() + " writes waiting, as many as it takes; the disk may be too slow");
        }
        if (closed && append.taken.compareAndSet(false, true)) {
            throw closed();
        }
        return await(append);
    }

    private static Append prepare(Instant at, List<LedgerEntry> entries) {
        try {
            return new Append(at, entries);
        } catch (MatchException e) {
            throw new Fault(
                    Fault.Consequence.STOP_NODE, "the ledger's bundle is older than the entries it is to write", e);
        } catch (IllegalArgumentException e) {
            throw unwritable(e);
        }
    }

    /** An interruption gives up while the write has not begun, and waits for its end when it has. */
    private boolean await(Append append) throws SQLException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return append.answer.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (append.taken.compareAndSet(false, true)) {
                        throw new Fault(Fault.Consequence.GIVE_UP, "interrupted; nothing was written", e);
                    }
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SQLException cause -> throw cause;
                case IllegalArgumentException cause -> throw unwritable(cause);
                default -> throw new IllegalStateException("the ledger's writer failed", e.getCause());
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Fault unwritable(IllegalArgumentException cause) {
        return new Fault(Fault.Consequence.GIVE_UP, "cannot be written to the ledger: " + cause.getMessage(), cause);
    }

    private static Fault closed() {
        return new Fault(Fault.Consequence.RETRY_HERE, "the ledger is closed; nothing was written");
    }

    private void run() {
        List<Append> batch = new ArrayList<>();
        boolean ended = false;
        while (!ended) {
            try {
                batch.add(queue.take());
            } catch (InterruptedException e) {
                // Nobody has a reason to; close ends the thread by what it puts into the queue.
                continue;
            }
            queue.drainTo(batch, most - 1);
            ended = batch.remove(end);
            batch.removeIf(append -> !append.taken.compareAndSet(false, true));
            if (!batch.isEmpty()) {
                write(batch);
            }
            batch.clear();
        }
    }

    private void write(List<Append> batch) {
        List<Boolean> written = new ArrayList<>();
        try {
            books.begin(begin);
            for (Append append : batch) {
                written.add(writeOne(append));
            }
            books.commit();
        } catch (SQLException | RuntimeException | Error e) {
            rollback(e);
            batch.forEach(append -> append.answer.completeExceptionally(e));
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).answer.complete(written.get(i));
        }
    }

    /** Entries that cannot be written are the fault of one append, and the others go on. */
    private boolean writeOne(Append append) throws SQLException {
        try {
            return books.write(append.at, append.entries, append.fields);
        } catch (IllegalArgumentException e) {
            append.answer.completeExceptionally(e);
            return false;
        }
    }

    private void rollback(Throwable cause) {
        try {
            books.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Writes what waits, and ends. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (true) {
            try {
                queue.put(end);
                writer.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
