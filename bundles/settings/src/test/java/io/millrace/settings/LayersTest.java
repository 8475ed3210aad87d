package io.millrace.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersTest {

    @TempDir
    Path folder;

    private Path shipped;
    private Path own;

    @BeforeEach
    void makeFolders() throws IOException {
        shipped = Files.createDirectory(folder.resolve("shipped"));
        own = Files.createDirectory(folder.resolve("own"));
    }

    private Launch launch(Map<Pid, Map<String, String>> flags) {
        return new Launch(
                Map.of(Samples.MILL, Map.of("wheels", "1", "grain", "${best}"), Samples.DOOR, Map.of("address", "a:1")),
                flags,
                Map.of("best", "wheat"),
                Optional.of(shipped),
                Optional.of(own));
    }

    private Layers layers() {
        return Layers.read(launch(Map.of()));
    }

    private void write(Path folder, String pid, String text) throws IOException {
        Files.writeString(folder.resolve(pid + ".cfg"), text);
    }

    @Test
    void theHighestLayerCountsAndTellsWhereItIs() throws IOException {
        assertEquals("role", layers().value(Samples.MILL, "wheels").orElseThrow().where());
        write(shipped, "org.example.mill", "# x\nwheels = 2\n");
        assertEquals("2", layers().value(Samples.MILL, "wheels").orElseThrow().text());
        write(own, "org.example.mill", "# x\n\nwheels = 3\n");
        Value value = layers().value(Samples.MILL, "wheels").orElseThrow();
        assertEquals("3", value.text());
        assertEquals("file " + own.resolve("org.example.mill.cfg") + ":3", value.where());
        Layers flagged = Layers.read(launch(Map.of(Samples.MILL, Map.of("wheels", "4"))));
        assertEquals("flag", flagged.value(Samples.MILL, "wheels").orElseThrow().where());
        assertEquals("3", flagged.below(Samples.MILL, "wheels", Layer.OWN).orElseThrow().text());
    }

    @Test
    void variablesStandForWhatTheLaunchSays() {
        assertEquals("wheat", layers().value(Samples.MILL, "grain").orElseThrow().text());
    }

    @Test
    void anOwnFileBringsInAThirdPartysConfigurationAndOneMoreOfAKind() throws IOException {
        write(own, "org.example.door~south", "address = b:2\n");
        write(own, "com.acme.thing", "a = b\n");
        assertTrue(layers().stacks().containsKey(Pid.of("org.example.door~south")));
        assertEquals(Map.of("a", "b"), layers().values(Pid.of("com.acme.thing")));
    }

    @Test
    void whatAnotherRoleHasStaysOff() throws IOException {
        write(shipped, "org.example.sail", "#a = b\n");
        write(own, "org.example.sail", "a = c\n");
        assertFalse(layers().stacks().containsKey(Pid.of("org.example.sail")));
    }

    @Test
    void aProblemNamesFileAndLine() throws IOException {
        write(own, "org.example.mill", "\nwheels = six\n");
        assertEquals(
                List.of("org.example.mill.wheels must be a whole number from 1 to 9, not 'six'. ("
                        + own.resolve("org.example.mill.cfg") + ", line 2)"),
                layers().check(Samples.schema()).stream().map(Problem::text).toList());
    }

    @Test
    void aFileThatCannotBeReadIsAProblem() throws IOException {
        write(own, "org.example.mill", "wheels = \\u1\n");
        assertEquals(1, layers().check(Samples.schema()).size());
    }

    @Test
    void aLaunchIsReadAsItWasWritten() throws IOException {
        Launch launch = launch(Map.of(Samples.MILL, Map.of("grain", " a = b\n")));
        Path file = folder.resolve("launch.properties");
        launch.write(file);
        assertEquals(launch, Launch.read(file));
    }
}
