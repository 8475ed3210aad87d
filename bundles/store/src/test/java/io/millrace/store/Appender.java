package io.millrace.store;

import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.RedemptionBegun;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.WinningTicket;
import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * A process that writes tickets without end and says which ones the ledger has acknowledged, until it is killed. Every
 * fifth ticket wins, and its redemption begins.
 */
final class Appender {

    private static final int THREADS = 4;
    static final String ACKNOWLEDGED = "acknowledged ";
    static final String HERE = "here";
    static final String END = ";";

    private static final PrintStream OUT = System.out;
    private static final Duration GRACE = Duration.ofMillis(20);

    /**
     * @param args the directory; the first nonce; the number of the call of the database before or after which it stops
     *     and says so, or 0
     */
    public static void main(String[] args) {
        Path directory = Path.of(args[0]);
        long first = Long.parseLong(args[1]);
        int stop = Integer.parseInt(args[2]);
        DataSource source = SqliteLedger.source(directory.resolve(SqliteLedger.FILE));
        SqliteLedger ledger = SqliteLedger.open(
                directory, stop == 0 ? source : (DataSource) watched(DataSource.class, source, new Stop(stop)), SqlLedger.GROUP);
        // With one thread every boundary is the same in each run.
        int threads = stop == 0 ? THREADS : 1;
        for (int thread = 0; thread < threads; thread++) {
            long begin = first + thread;
            Thread.ofPlatform().start(() -> append(ledger, begin, threads));
        }
    }

    private static void append(SqliteLedger ledger, long first, int step) {
        for (long nonce = first; ; nonce += step) {
            if (!ledger.append(Samples.NOON, entries(nonce))) {
                throw new IllegalStateException("a ticket was there before");
            }
            OUT.println(ACKNOWLEDGED + nonce + END);
        }
    }

    static boolean wins(long nonce) {
        return nonce % 5 == 0;
    }

    private static List<LedgerEntry> entries(long nonce) {
        List<LedgerEntry> entries = new ArrayList<>(Samples.ticket(nonce));
        if (wins(nonce)) {
            WinningTicket winner = Samples.winner(Samples.ONE, nonce, 2);
            entries.add(new TicketWon(winner));
            entries.add(new RedemptionBegun(winner.hash()));
        }
        return entries;
    }

    /** Counts the calls that do something, and lets the process stand still before or after one of them. */
    private static final class Stop {
        private final AtomicInteger left;

        Stop(int at) {
            left = new AtomicInteger(at);
        }

        void pass() {
            if (left.decrementAndGet() == 0) {
                // Whoever was answered too early gets the time to say so; nothing depends on it otherwise.
                LockSupport.parkNanos(GRACE.toNanos());
                OUT.println(HERE);
                while (true) {
                    LockSupport.park();
                }
            }
        }
    }

    private static Object watched(Class<?> type, Object target, Stop stop) {
        InvocationHandler handler = (proxy, method, arguments) -> call(target, method, arguments, stop);
        return Proxy.newProxyInstance(Appender.class.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private static Object call(Object target, Method method, Object[] arguments, Stop stop) throws Throwable {
        boolean acts = target instanceof Statement && method.getName().startsWith("execute");
        if (acts) {
            stop.pass();
        }
        Object result;
        try {
            result = method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (acts) {
            stop.pass();
        }
        return switch (result) {
            case Connection connection -> watched(Connection.class, connection, stop);
            case PreparedStatement statement -> watched(PreparedStatement.class, statement, stop);
            case Statement statement -> watched(Statement.class, statement, stop);
            case null, default -> result;
        };
    }

    private Appender() {}
}
