package io.millrace.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    private static final Feature FEATURE = new Feature(
            "test", Map.of(), Map.of("io.millrace.one", Map.of("colour", "red", "place", "${data}/one"), "empty", Map.of()));

    @TempDir
    private Path folder;

    private Settings settings() {
        return new Settings(FEATURE, new Home(folder), folder.resolve("data"));
    }

    @Test
    void aFileCountsOverTheFeatureAndTheCommandLineOverTheFile() throws IOException {
        Files.writeString(folder.resolve("io.millrace.one.cfg"), "# colours\ncolour = green\nsize = 3\n");
        Settings settings = settings();
        settings.readFiles(folder);
        assertEquals("green", settings.resolved().getProperty("io.millrace.one/colour"));
        settings.set("io.millrace.one.colour=blue");
        assertEquals("blue", settings.resolved().getProperty("io.millrace.one/colour"));
        assertEquals("3", settings.resolved().getProperty("io.millrace.one/size"));
    }

    @Test
    void variablesAreReplacedAtTheEnd() {
        assertEquals(
                folder.resolve("data").resolve("one").toString(),
                settings().resolved().getProperty("io.millrace.one/place"));
    }

    @Test
    void aFileOfAnotherRoleBringsNothingIn() throws IOException {
        Files.writeString(folder.resolve("io.millrace.two.cfg"), "colour = green\n");
        Settings settings = settings();
        settings.readFiles(folder);
        assertFalse(settings.resolved().stringPropertyNames().stream().anyMatch(key -> key.contains("two")));
    }

    @Test
    void aPidWithoutSettingsIsStillThere() {
        assertTrue(settings().resolved().containsKey("empty/"));
    }

    @Test
    void aSettingOfAnUnknownPidIsNamedWithTheNearest() {
        Refused refused = assertThrows(Refused.class, () -> settings().set("io.millrace.onw.colour=blue"));
        assertTrue(refused.getMessage().contains("Did you mean io.millrace.one?"), refused.getMessage());
    }

    @Test
    void anAssignmentThatIsNoneIsRefused() {
        for (String wrong : new String[] {"", "colour", "colour=blue", "io.millrace.one.colour", ".x=1", "pid.=1"}) {
            assertThrows(Refused.class, () -> settings().set(wrong), wrong);
        }
    }

    @Test
    void aValueMayHoldEqualsSignsAndDots() {
        Settings settings = settings();
        settings.set("io.millrace.one.colour=a=b.c");
        assertEquals("a=b.c", settings.resolved().getProperty("io.millrace.one/colour"));
    }
}
