package io.millrace.launcher.livepeer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.launcher.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a node started as go-livepeer has its flags from. */
class CommandLineTest {

    @TempDir
    private Path folder;

    private Path file(String... lines) throws IOException {
        return Files.write(folder.resolve("node.conf"), List.of(lines));
    }

    private static Optional<String> value(CommandLine line, String flag) {
        return line.value(flag);
    }

    @Test
    void aFlagWinsOverTheEnvironmentAndThatOverTheFile() throws IOException {
        Path file = file("maxSessions 1", "maxAttempts 2", "orchAddr 127.0.0.1:1");
        CommandLine line = CommandLine.parse(
                List.of("-gateway", "-config", file.toString(), "-maxSessions", "3"),
                Map.of("LP_MAXSESSIONS", "4", "LP_MAXATTEMPTS", "5", "LP_UNHEARD_OF", "x"));
        assertEquals(Optional.of("3"), value(line, "maxSessions"));
        assertEquals(Optional.of("5"), value(line, "maxAttempts"));
        assertEquals(Optional.of("127.0.0.1:1"), value(line, "orchAddr"));
        assertTrue(line.isSet("gateway"));
    }

    @Test
    void aFileHasCommentsSwitchesAndNamesOfTheEnvironment() throws IOException {
        Path file = file("# a gateway", "", "  gateway", "orchAddr   a:1,b:2 # both", "LP_HTTPADDR 127.0.0.1:3");
        CommandLine line = CommandLine.parse(List.of(), Map.of("LP_CONFIG", file.toString()));
        assertTrue(line.isSet("gateway"));
        assertEquals(Optional.of("a:1,b:2"), value(line, "orchAddr"));
        assertEquals(Optional.of("127.0.0.1:3"), value(line, "httpAddr"));
    }

    @Test
    void allThatIsWrongIsSaidAtOnceWithItsPlace() throws IOException {
        Path file = file("gateway maybe", "orchAdr a:1", "extraNodes 2");
        String message = assertThrows(
                        Refused.class,
                        () -> CommandLine.parse(
                                List.of("-config", file.toString(), "-nosuch"), Map.of("LP_HTTPINGEST", "perhaps")))
                .getMessage();
        List<String> lines = message.lines().toList();
        assertEquals(5, lines.size(), message);
        assertTrue(lines.get(0).startsWith("There is no flag -nosuch."), message);
        assertEquals("LP_HTTPINGEST: -httpIngest is true or false, not 'perhaps'.", lines.get(1));
        assertEquals(file + ", line 1: -gateway is true or false, not 'maybe'.", lines.get(2));
        assertEquals(file + ", line 2: There is no flag -orchAdr. Did you mean -orchAddr?", lines.get(3));
        assertTrue(lines.get(4).startsWith(file + ", line 3: -extraNodes is not there yet."), message);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = folder.resolve("none");
        String message = assertThrows(
                        Refused.class, () -> CommandLine.parse(List.of("-config=" + file), Map.of()))
                .getMessage();
        assertTrue(message.startsWith("-config names " + file + ", which cannot be read"), message);
    }

    @Test
    void aHintIsWrittenAsItIsTyped() {
        Refused refused = assertThrows(Refused.class, () -> CommandLine.parse(List.of("-orchAdr", "x")));
        assertEquals("There is no flag -orchAdr. Did you mean -orchAddr?", refused.getMessage());
    }

    @Test
    void everyFlagIsListedWithWhatItIsHere() {
        String text = FlagList.text();
        for (String name : Flags.names()) {
            assertTrue(text.matches("(?s).*-" + name + "\\b.*"), name);
        }
        assertTrue(text.contains("  -orchAddr  sets io.millrace.kernel.gateway.orchestrators\n"), text);
        assertTrue(text.contains("With the value false it is taken."), text);
    }
}
