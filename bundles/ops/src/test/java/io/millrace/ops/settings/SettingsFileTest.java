package io.millrace.ops.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.settings.SettingsFile.Pid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {

    @TempDir
    private Path directory;

    @Test
    void linesAreSortedByConfiguration() throws IOException {
        SettingsFile file = read("""
                # of this run
                io.millrace.ops/role=gateway
                io.millrace.http~admin/address=127.0.0.1:5935
                io.millrace.http~admin/tls = false
                io.millrace.ops/data=/var/lib/Mühle
                io.millrace.ops/hostNames=
                """);
        assertEquals(List.of(), file.problems());
        assertEquals(
                Map.of(
                        new Pid("io.millrace.ops", ""), Map.of("role", "gateway", "data", "/var/lib/Mühle", "hostNames", ""),
                        new Pid("io.millrace.http", "admin"), Map.of("address", "127.0.0.1:5935", "tls", "false")),
                file.settings());
    }

    @Test
    void valuesMayHoldWhatSeparatesElsewhere() throws IOException {
        SettingsFile file = read("a.b/key=https://h:1/x?y=z#1, c~d/e\\\\f\n");
        assertEquals("https://h:1/x?y=z#1, c~d/e\\f", file.settings().get(new Pid("a.b", "")).get("key"));
    }

    @Test
    void aLineThatIsNoSettingIsNamedAndTheOthersCount() throws IOException {
        SettingsFile file = read("""
                io.millrace.ops.role=gateway
                /key=1
                a~/c=1
                a/b/c=1
                a.b/good=1
                """);
        assertEquals(Map.of(new Pid("a.b", ""), Map.of("good", "1")), file.settings());
        assertEquals(4, file.problems().size(), file.problems().toString());
        assertTrue(file.problems().toString().contains("'io.millrace.ops.role' is not of the form PID/key"));
    }

    @Test
    void aConfigurationMayBeThereWithoutSettings() throws IOException {
        assertEquals(
                Map.of(new Pid("a.b", ""), Map.of(), new Pid("c", "d"), Map.of("e", "1")),
                read("a.b/=\nc~d/=\nc~d/e=1\n").settings());
    }

    @Test
    void aSettingThatIsThereTwiceIsNamedAndTheLastOneCounts() throws IOException {
        SettingsFile file = read("a/b=1\na/b=2\n");
        assertEquals("2", file.settings().get(new Pid("a", "")).get("b"));
        assertEquals(List.of("'a/b' is there twice; the last one counts"), file.problems());
    }

    @Test
    void anEmptyFileHasNoSettings() throws IOException {
        assertEquals(new SettingsFile(Map.of(), List.of()), read(""));
    }

    @Test
    void aFileThatCannotBeReadFails() {
        assertThrows(IOException.class, () -> SettingsFile.read(directory.resolve("missing")));
        assertThrows(IOException.class, () -> read("a/b=\\u12"));
    }

    private SettingsFile read(String text) throws IOException {
        return SettingsFile.read(Files.writeString(directory.resolve("settings.properties"), text));
    }
}
