package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Ledger.PendingWinner;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Rational;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that writes is killed, and what it was told to be written is there, once. */
class KilledProcessTest {

    private static final int KILLS_OF_ONE_FILE = 25;

    @TempDir
    Path directory;

    private final Random random = new Random(1);
    private final Set<Long> acknowledged = new TreeSet<>();
    private int file;
    private int killsOfFile;
    private int kills;

    /** A few of each kind, so that every build has seen it. */
    @Test
    void whatWasAcknowledgedOutlivesAFewKills() throws Exception {
        killAtRandom(3);
        // Within an append, before and after its commit.
        killAtBoundaries(List.of(9, 31, 41, 42), false);
        killAtBoundaries(List.of(25), true);
        assertEquals(8, kills);
    }

    @Test
    @Tag("long")
    void whatWasAcknowledgedOutlives200Kills() throws Exception {
        killAtRandom(90);
        // Opening takes two calls, an append 13 or 19, each with a boundary before and after it.
        List<Integer> ofAppends = new ArrayList<>();
        for (int boundary = 1; boundary <= 70; boundary++) {
            ofAppends.add(boundary);
        }
        killAtBoundaries(ofAppends, false);
        List<Integer> ofMakingTheFile = new ArrayList<>();
        for (int boundary = 1; boundary <= 40; boundary++) {
            ofMakingTheFile.add(4 * boundary);
        }
        killAtBoundaries(ofMakingTheFile, true);
        assertEquals(200, kills);
    }

    @Test
    void anotherProcessIsTurnedAway() throws Exception {
        nextFile();
        Process process = start(1);
        try (BufferedReader out = process.inputReader()) {
            assertEquals(Appender.HERE, out.readLine());
            Fault fault = assertThrows(Fault.class, () -> SqliteLedger.open(folder()));
            assertTrue(fault.getMessage().contains("in use by another node"), fault.getMessage());
        } finally {
            process.destroyForcibly().waitFor();
        }
        SqliteLedger.open(folder()).close();
    }

    /** What a power failure leaves: the file that is written ahead ends anywhere after what was acknowledged. */
    @Test
    void aTornEndIsCutOffAtAnAppend() throws Exception {
        Path wal = directory.resolve("whole").resolve(SqliteLedger.FILE + "-wal");
        List<Long> ends = new ArrayList<>();
        SqliteLedger.open(wal.getParent()).close();
        try (SqliteLedger ledger = SqliteLedger.open(wal.getParent())) {
            for (long nonce = 0; nonce < 8; nonce++) {
                assertTrue(ledger.append(Samples.NOON, Samples.ticket(nonce)));
                ends.add(Files.size(wal));
            }
            for (long end = ends.getFirst(); end <= ends.getLast(); end += 1543) {
                nextFile();
                Files.createDirectories(folder());
                Files.copy(wal.resolveSibling(SqliteLedger.FILE), folder().resolve(SqliteLedger.FILE));
                byte[] torn = Arrays.copyOf(Files.readAllBytes(wal), (int) end);
                Files.write(folder().resolve(SqliteLedger.FILE + "-wal"), torn);
                long limit = end;
                long whole = ends.stream().filter(complete -> complete <= limit).count();
                try (SqliteLedger found = SqliteLedger.open(folder())) {
                    assertEquals(whole, found.nonces(Samples.TERMS).received().size());
                    assertEquals(2 * whole, found.lastNumber());
                    assertEquals(Optional.empty(), found.check());
                }
            }
        }
    }

    private void killAtRandom(int times) throws Exception {
        nextFile();
        for (int i = 0; i < times; i++) {
            kill(0, 1 + random.nextInt(300));
        }
    }

    private void killAtBoundaries(List<Integer> boundaries, boolean freshFiles) throws Exception {
        nextFile();
        if (!freshFiles) {
            SqliteLedger.open(folder()).close();
        }
        for (int boundary : boundaries) {
            if (freshFiles) {
                nextFile();
            }
            kill(boundary, Integer.MAX_VALUE);
        }
    }

    private void nextFile() {
        file++;
        killsOfFile = 0;
        acknowledged.clear();
    }

    private Path folder() {
        return directory.resolve("ledger-" + file);
    }

    /** Kills a process of its own when it has come to the boundary or has acknowledged so many. */
    private void kill(int boundary, int lines) throws Exception {
        if (killsOfFile++ == KILLS_OF_ONE_FILE) {
            nextFile();
        }
        Process process = start(boundary);
        try (BufferedReader out = process.inputReader()) {
            String line = out.readLine();
            for (int read = 1; line != null && read < lines && !line.equals(Appender.HERE); read++) {
                note(line);
                line = out.readLine();
            }
            assertTrue(line != null, () -> "the process ended by itself, with " + process.exitValue());
            // Process.destroyForcibly would also close what the process has said and nobody has read yet.
            process.toHandle().destroyForcibly();
            while (line != null) {
                note(line);
                line = out.readLine();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        kills++;
        assertNothingIsLostNorThereTwice("kill " + kills + " at " + (boundary == 0 ? "random" : "boundary " + boundary));
    }

    private Process start(int boundary) throws IOException {
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appender.class.getName(),
                        folder().toString(),
                        String.valueOf(1_000_000L * killsOfFile),
                        String.valueOf(boundary))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void note(String line) {
        if (line.startsWith(Appender.ACKNOWLEDGED) && line.endsWith(Appender.END)) {
            acknowledged.add(Long.valueOf(line.substring(
                    Appender.ACKNOWLEDGED.length(), line.length() - Appender.END.length())));
        }
    }

    private void assertNothingIsLostNorThereTwice(String kill) {
        try (SqliteLedger ledger = SqliteLedger.open(folder())) {
            assertEquals(Optional.empty(), ledger.check(), kill);
            Set<Long> written = ledger.nonces(Samples.TERMS).received();
            assertTrue(written.containsAll(acknowledged), kill);
            Rational credit = ledger.balance(Samples.KEY).map(balance -> balance.amount()).orElse(Rational.ZERO);
            assertEquals(Samples.VALUE.times(Rational.of(written.size(), 1)), credit, kill);
            Set<Long> winning = written.stream().filter(Appender::wins).collect(Collectors.toCollection(TreeSet::new));
            List<PendingWinner> winners = ledger.winners(Optional.empty(), Integer.MAX_VALUE);
            assertEquals(winning.size(), winners.size(), kill);
            assertEquals(
                    winning,
                    winners.stream()
                            .filter(winner -> winner.inFlight() && winner.tries() == 1)
                            .map(winner -> winner.ticket().ticket().nonce())
                            .collect(Collectors.toCollection(TreeSet::new)),
                    kill);
            assertEquals(2L * written.size() + 2L * winning.size(), ledger.lastNumber(), kill);
        }
    }
}
