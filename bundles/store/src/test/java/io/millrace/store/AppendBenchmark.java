package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Ledger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Appends a second, each of a ticket and its credit, by one and by many threads, with and without group commit, and
 * what reads take. Not part of the suite:
 *
 * <pre>mvn -pl bundles/store test -Dtest=AppendBenchmark -DexcludedGroups= -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@Tag("long")
class AppendBenchmark {

    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(5);
    private static final int ROUNDS = 2;
    private static final int NONCES = 600;
    private static final int READS = 5000;

    @TempDir
    Path directory;

    @Test
    void appendsPerSecond() throws Exception {
        int file = 0;
        // By turns, so that whatever else the machine does falls on all of them.
        for (int round = 1; round <= ROUNDS; round++) {
            for (int threads : List.of(1, 32, 256)) {
                for (int group : List.of(1, SqlLedger.GROUP)) {
                    Path folder = directory.resolve("ledger-" + file++);
                    try (SqliteLedger ledger =
                            SqliteLedger.open(folder, SqliteLedger.source(folder.resolve(SqliteLedger.FILE)), group)) {
                        AtomicLong nonce = new AtomicLong();
                        measure(ledger, threads, WARM_UP, nonce);
                        double perSecond = measure(ledger, threads, MEASURED, nonce);
                        assertEquals(2 * nonce.get(), ledger.lastNumber());
                        System.out.printf(
                                Locale.ROOT,
                                "round %d, %3d threads, %s group commit: %.0f appends a second%n",
                                round,
                                threads,
                                group == 1 ? "without" : "   with",
                                perSecond);
                    }
                }
            }
        }
    }

    /** What is read for each payment; go-livepeer takes 600 tickets of one recipientRandHash at most. */
    @Test
    void readsPerSecond() throws Exception {
        try (SqliteLedger ledger = SqliteLedger.open(directory)) {
            for (int nonce = 0; nonce < NONCES; nonce++) {
                assertTrue(ledger.append(Samples.NOON, Samples.ticket(nonce)));
            }
            for (int round = 1; round <= ROUNDS; round++) {
                long begin = System.nanoTime();
                for (int i = 0; i < READS; i++) {
                    assertEquals(NONCES, ledger.nonces(Samples.TERMS).received().size());
                }
                long between = System.nanoTime();
                for (int i = 0; i < READS; i++) {
                    assertTrue(ledger.balance(Samples.KEY).isPresent());
                }
                System.out.printf(
                        Locale.ROOT,
                        "round %d: %d nonces in %.0f us, a balance in %.0f us%n",
                        round,
                        NONCES,
                        (between - begin) / 1e3 / READS,
                        (System.nanoTime() - between) / 1e3 / READS);
            }
        }
    }

    private static double measure(Ledger ledger, int threads, Duration time, AtomicLong nonce) throws Exception {
        long before = nonce.get();
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() < end) {
                    assertTrue(ledger.append(Samples.NOON, Samples.ticket(nonce.getAndIncrement())));
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        return (nonce.get() - before) * 1e9 / (System.nanoTime() - begin);
    }
}
