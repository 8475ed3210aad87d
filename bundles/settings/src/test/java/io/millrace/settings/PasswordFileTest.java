package io.millrace.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordFileTest {

    @TempDir
    private Path folder;

    private PasswordFile file() {
        return new PasswordFile(folder.resolve(PasswordFile.NAME));
    }

    @Test
    void onlyTheNewPasswordMatches() throws IOException {
        String first = file().renew();
        assertTrue(file().matches(first));
        assertFalse(file().matches(""));
        assertFalse(file().matches(first + "x"));
        assertFalse(file().matches(first.replace("-", "")));
        String second = file().renew();
        assertNotEquals(first, second);
        assertFalse(file().matches(first));
        assertTrue(file().matches(second));
    }

    @Test
    void aPasswordIsEasyToWriteDown() throws IOException {
        String password = file().renew();
        assertTrue(password.matches("([a-km-np-z2-9]{6}-){3}[a-km-np-z2-9]{6}"), password);
    }

    @Test
    void theFileIsForItsOwnerAndDoesNotTellThePassword() throws IOException {
        assertFalse(file().exists());
        String password = file().renew();
        assertTrue(file().exists());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file().file())));
        assertFalse(Files.readString(file().file()).contains(password));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(file().file()), left.toList());
        }
    }

    /** The vector of RFC 7914, section 11, cut to the length that is kept here. */
    @Test
    void aHashMadeElsewhereMatches() throws IOException {
        Files.writeString(
                file().file(),
                "pbkdf2-sha256 80000 4e61436c 4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56\n");
        assertTrue(file().matches("Password"));
        assertFalse(file().matches("password"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "pbkdf2-sha256",
                "pbkdf2-sha256 1000 00ff",
                "pbkdf2-sha256 many 00ff 00ff",
                "pbkdf2-sha256 0 00ff 00ff",
                "pbkdf2-sha256 2000000000 00ff 00ff",
                "pbkdf2-sha256 1000 salt 00ff",
                "pbkdf2-sha256 1000  00ff",
                "bcrypt 1000 00ff 00ff",
                "pbkdf2-sha256 1000 00ff 00ff more"
            })
    void aFileThatHoldsNoPasswordIsNamed(String text) throws IOException {
        Files.writeString(file().file(), text);
        String said = assertThrows(IOException.class, () -> file().matches("")).getMessage();
        assertEquals(file().file() + " holds no password", said);
    }

    @Test
    void withoutAFileThereIsNoAnswer() {
        assertThrows(NoSuchFileException.class, () -> file().matches("any"));
    }
}
