package io.millrace.http.tls;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Damaged certificate files and strange host names, which grow in count, length and nesting: each is read or refused,
 * and no other failure comes of it. {@code -Dmillrace.fuzz.cases=N} tries more, {@code -Dmillrace.fuzz.first=N} others.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CertificateFuzzTest {

    private static final int CASES = Integer.getInteger("millrace.fuzz.cases", 1500);
    private static final int FIRST = Integer.getInteger("millrace.fuzz.first", 0);
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----\n";

    private static String good;

    @BeforeAll
    static void makeOne() throws GeneralSecurityException {
        good = Pem.write(SelfSigned.create("node.example", NOW));
    }

    @Test
    void aDamagedFileIsReadOrRefused() {
        for (int seed = FIRST; seed < FIRST + CASES; seed++) {
            String text = damaged(new Random(seed));
            try {
                Pem.read(text);
            } catch (GeneralSecurityException refused) {
                // As it should be.
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text.substring(0, Math.min(500, text.length())), e);
            }
        }
    }

    // 1 MiB is the most that is read of a file.
    @Test
    void aFileOfBlocksThatNeverEndTakesNoLongTime() {
        for (String part : List.of(BEGIN, BEGIN + "AAAA", "-----BEGIN A-----\n-----END B-----\n", "-----BEGIN ", "A ")) {
            try {
                Pem.read(part.repeat((1 << 20) / part.length()));
            } catch (GeneralSecurityException refused) {
                // What matters is the time.
            }
        }
    }

    @Test
    void aStrangeHostHasACertificateOrIsRefused() {
        for (int seed = FIRST; seed < FIRST + CASES / 10; seed++) {
            String host = host(new Random(seed));
            try {
                SelfSigned.create(host, NOW);
            } catch (GeneralSecurityException | IllegalArgumentException refused) {
                // As it should be.
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + host, e);
            }
        }
    }

    private static String damaged(Random random) {
        var text = new StringBuilder(good);
        for (int change = random.nextInt(1, 4); change > 0; change--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(200));
            switch (random.nextInt(6)) {
                case 0 -> text.insert(at, text.substring(at, end).repeat(random.nextInt(1, 50)));
                case 1 -> text.delete(at, end);
                case 2 -> text.insert(at, BEGIN.repeat(random.nextInt(1, 200)));
                case 3 -> text.append(good.repeat(random.nextInt(1, 5)));
                case 4 -> flip(text, random);
                default -> text.insert(at, block(random));
            }
        }
        return text.toString();
    }

    private static void flip(StringBuilder text, Random random) {
        for (int i = random.nextInt(1, 20); i > 0 && !text.isEmpty(); i--) {
            text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
        }
    }

    /** Elements within elements, with lengths that are true or not. */
    private static String block(Random random) {
        byte[] content = new byte[random.nextInt(20)];
        random.nextBytes(content);
        for (int depth = random.nextInt(500); depth > 0; depth--) {
            content = random.nextInt(20) == 0 ? Der.octets(content) : Der.sequence(content);
        }
        if (content.length > 0 && random.nextBoolean()) {
            content[random.nextInt(content.length)] = (byte) random.nextInt();
        }
        String name = List.of("CERTIFICATE", "PRIVATE KEY", "EC PARAMETERS").get(random.nextInt(3));
        return "-----BEGIN " + name + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + name + "-----\n";
    }

    private static String host(Random random) {
        var host = new StringBuilder();
        for (int label = random.nextInt(40); label > 0; label--) {
            for (int letter = random.nextInt(80); letter > 0; letter--) {
                host.appendCodePoint(random.nextInt(10) == 0 ? random.nextInt(0x20, 0x3000) : 'a' + random.nextInt(26));
            }
            host.append(random.nextInt(10) == 0 ? ':' : '.');
        }
        return host.toString();
    }
}
