package io.millrace.ops.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {

    private final InMemoryConfigurations configurations = new InMemoryConfigurations();

    @TempDir
    private Path directory;

    @Test
    void theFileBecomesConfigurations() throws IOException {
        load("a/x=1\nb~one/y=2\nb~two/y=3\n");
        assertEquals(Set.of("a", "b~one", "b~two"), configurations.stored.keySet());
        assertEquals("2", configurations.stored.get("b~one").get("y"));
    }

    @Test
    void aSecondRunWithTheSameFileChangesNothing() throws IOException {
        load("a/x=1\n");
        load("a/x=1\n");
        assertEquals(1, configurations.updates);
    }

    @Test
    void aKeyThatIsNoLongerSetGoes() throws IOException {
        load("a/x=1\na/y=1\n");
        load("a/x=1\n");
        assertEquals(Set.of("x", SettingsLoader.MARK), configurations.stored.get("a").keySet());
    }

    @Test
    void aConfigurationThatIsNoLongerSetGoes() throws IOException {
        load("a/x=1\nb~one/y=2\n");
        load("a/x=1\n");
        assertEquals(Set.of("a"), configurations.stored.keySet());
    }

    @Test
    void aConfigurationThatCameOtherwiseStays() throws IOException {
        configurations.stored.put("console.made", Map.of("z", "1"));
        load("a/x=1\n");
        assertEquals(Set.of("a", "console.made"), configurations.stored.keySet());
    }

    @Test
    void withoutAFileOrWithABadOneTheConfigurationStays() throws IOException {
        load("a/x=1\n");
        new SettingsLoader(configurations.admin(), null);
        new SettingsLoader(configurations.admin(), directory.resolve("missing").toString());
        assertEquals(Set.of("a"), configurations.stored.keySet());
    }

    private void load(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("settings.properties"), text);
        new SettingsLoader(configurations.admin(), file.toString());
    }
}
