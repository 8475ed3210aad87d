package io.millrace.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.console.ConsolePassword.Verdict;
import io.millrace.settings.PasswordFile;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsolePasswordTest {

    private static final int LIMIT = 3;

    /** Of RFC 7914, section 11: one round, so that many tries take no time. */
    static final String QUICK =
            "pbkdf2-sha256 1 73616c74 55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc\n";

    static final String PASSWORD = "passwd";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    private Path folder;

    private PasswordFile file;
    private ConsolePassword door;

    @BeforeEach
    void makePassword() throws IOException {
        file = new PasswordFile(folder.resolve(PasswordFile.NAME));
        Files.writeString(file.file(), QUICK);
        door = new ConsolePassword(new Settings(folder.toString()), now::get);
    }

    static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    private Verdict tried(String user, String word) {
        return door.verdict(basic(user + ":" + word));
    }

    @Test
    void theUserWithThePasswordIsRight() {
        assertEquals(Verdict.RIGHT, tried("admin", PASSWORD));
        assertTrue(door.permits(basic("admin:" + PASSWORD)));
        assertTrue(door.permits(basic("admin:" + PASSWORD).replace("Basic", "basic")), "a scheme has no case");
    }

    @Test
    void anyOtherIsWrong() {
        assertEquals(Verdict.WRONG, tried("admin", "admin"));
        assertEquals(Verdict.WRONG, tried("other", PASSWORD));
        assertFalse(door.permits(basic("admin:" + PASSWORD + " ")));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "Basic", "Basic ", "Basic ***", "Bearer abc", "Basic YWRtaW4="})
    void whatIsNoPasswordIsWrong(String header) {
        assertEquals(Verdict.WRONG, door.verdict(header));
    }

    @Test
    void aHeaderBeyondItsLimitIsNotLookedAt() {
        assertEquals(Verdict.WRONG, tried("admin", "x".repeat(10_000)));
    }

    @Test
    void aRenewedOneCountsAtOnce() throws IOException {
        assertEquals(Verdict.RIGHT, tried("admin", PASSWORD));
        String next = file.renew();
        assertEquals(Verdict.WRONG, tried("admin", PASSWORD));
        assertEquals(Verdict.RIGHT, tried("admin", next));
    }

    @Test
    void afterTooManyWrongOnesOnlyWhoWasRightBeforeGoesOn() {
        assertEquals(Verdict.RIGHT, tried("admin", PASSWORD));
        for (int i = 0; i < LIMIT; i++) {
            assertEquals(Verdict.WRONG, tried("admin", "guess" + i));
        }
        assertEquals(Verdict.LATER, tried("admin", "guess"));
        assertEquals(Verdict.RIGHT, tried("admin", PASSWORD));
    }

    @Test
    void afterTooManyWrongOnesARightOneIsNotLookedAtBeforeAnotherMinute() {
        for (int i = 0; i < LIMIT; i++) {
            tried("admin", "guess" + i);
        }
        assertEquals(Verdict.LATER, tried("admin", PASSWORD));
        now.updateAndGet(time -> time.plus(Duration.ofSeconds(59)));
        assertEquals(Verdict.LATER, tried("admin", PASSWORD));
        now.updateAndGet(time -> time.plus(Duration.ofSeconds(1)));
        assertEquals(Verdict.RIGHT, tried("admin", PASSWORD));
    }

    @Test
    void whoSendsNoPasswordIsNotCounted() {
        for (int i = 0; i <= LIMIT; i++) {
            assertEquals(Verdict.WRONG, door.verdict(null));
        }
        assertEquals(Verdict.RIGHT, tried("admin", PASSWORD));
    }

    @Test
    void withoutAReadableFileNobodyIsRight() throws IOException {
        Files.writeString(file.file(), "garbage\n");
        assertEquals(Verdict.WRONG, tried("admin", PASSWORD));
        Files.delete(file.file());
        assertEquals(Verdict.WRONG, tried("admin", PASSWORD));
        tried("admin", PASSWORD);
        assertEquals(Verdict.LATER, tried("admin", PASSWORD), "the log is not filled by who asks again and again");
        assertEquals(Verdict.WRONG, new ConsolePassword(new Settings(""), now::get).verdict(basic("admin:")));
    }

    record Settings(String directory) implements ConsoleSettings {

        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public String user() {
            return "admin";
        }

        @Override
        public int wrongPasswords() {
            return LIMIT;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return ConsoleSettings.class;
        }
    }
}
