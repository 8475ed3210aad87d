package io.millrace.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {

    private static final String MANUAL =
            """
            # A mill.

            # Wheels that turn.
            #wheels = 2

            # Grain.
            #grain = rye
            """;

    @TempDir
    Path folder;

    @Test
    void aValueGoesWhereItsDefaultIsShown() throws IOException {
        SettingsFile file = SettingsFile.parse(MANUAL);
        file.set("wheels", "4");
        assertEquals(MANUAL.replace("#wheels = 2", "wheels = 4"), file.text());
        assertEquals(Optional.of(4), file.line("wheels"));
    }

    @Test
    void aValueTakenAwayLeavesTheFileAsItWas() throws IOException {
        SettingsFile file = SettingsFile.parse(MANUAL);
        file.set("wheels", "4");
        file.set("wheels", "5");
        file.unset("wheels", "2");
        file.unset("grain", "rye");
        assertEquals(MANUAL, file.text());
    }

    @Test
    void aKeyThatTheFileDoesNotKnowGoesToItsEnd() throws IOException {
        SettingsFile file = SettingsFile.parse(MANUAL);
        file.set("open", "true");
        assertEquals(MANUAL + "open = true\n", file.text());
    }

    @Test
    void aValueOfSeveralLinesIsReplacedAsOne() throws IOException {
        SettingsFile file = SettingsFile.parse("a = 1,\\\n   2\n# b\nb: 3\n");
        assertEquals(Map.of("a", "1,2", "b", "3"), file.values());
        assertEquals(Optional.of(4), file.line("b"));
        file.set("a", "7");
        assertEquals("a = 7\n# b\nb: 3\n", file.text());
    }

    @Test
    void ofAKeyThatIsThereTwiceTheLastCounts() throws IOException {
        SettingsFile file = SettingsFile.parse("a=1\na=2\n");
        assertEquals(Map.of("a", "2"), file.values());
        assertEquals(List.of("a"), file.repeated());
        file.set("a", "3");
        assertEquals(Map.of("a", "3"), file.values());
        file.unset("a", "0");
        assertEquals("#a = 0\n", file.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " x ", "a\\b", "x\ny", "tab\there", "#no comment", "ä = ü: ö", "\\u00zz", "€\u0001"})
    void everyTextComesBackAsItWasSet(String text) throws IOException {
        SettingsFile file = SettingsFile.parse(MANUAL);
        file.set("grain", text);
        assertEquals(Map.of("grain", text), SettingsFile.parse(file.text()).values());
    }

    @Test
    void aFileIsWrittenWholeAndForItsOwnerOnly() throws IOException {
        Path path = folder.resolve("mill.cfg");
        SettingsFile.parse(MANUAL).write(path);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        SettingsFile file = SettingsFile.read(path);
        file.set("wheels", "3");
        file.write(path);
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(Map.of("wheels", "3"), SettingsFile.read(path).values());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void whatIsNoTextIsRefused() throws IOException {
        Path path = folder.resolve("mill.cfg");
        Files.write(path, new byte[] {'a', '=', (byte) 0xff});
        assertThrows(IOException.class, () -> SettingsFile.read(path));
        assertThrows(IOException.class, () -> SettingsFile.parse("a = \\u12\n"));
    }
}
