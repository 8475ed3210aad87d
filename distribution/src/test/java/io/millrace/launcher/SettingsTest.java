package io.millrace.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.settings.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    private static final Feature FEATURE = new Feature(
            "test", Map.of(), Map.of("io.millrace.one", Map.of("colour", "red", "place", "${data}/one"), "empty", Map.of()));

    private static final String ONE =
            """
            <MetaData><OCD id="one">
              <AD id="colour" type="String" default="red"/>
              <AD id="place" type="String" default=""/>
              <AD id="size" type="Integer" min="1" max="9" default="2"/>
            </OCD><Designate pid="io.millrace.one"><Object ocdref="one"/></Designate></MetaData>
            """;

    @TempDir
    private Path folder;

    private Settings settings() {
        return new Settings(FEATURE, new DistributionFolder(folder), folder.resolve("data"));
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static String refusal(Settings settings) throws IOException {
        Schema schema = Schema.read(new ByteArrayInputStream(ONE.getBytes(StandardCharsets.UTF_8)));
        return assertThrows(Refused.class, () -> settings.check(schema)).getMessage();
    }

    @Test
    void aFileCountsOverTheFeatureAndTheCommandLineOverTheFile() throws IOException {
        write("config/io.millrace.one.cfg", "# colours\ncolour = green\nsize = 3\n");
        Settings settings = settings().withFiles();
        assertEquals("green", settings.resolved().getProperty("io.millrace.one/colour"));
        write("data/config/io.millrace.one.cfg", "colour = grey\n");
        assertEquals("grey", settings.resolved().getProperty("io.millrace.one/colour"));
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
        write("config/io.millrace.two.cfg", "colour = green\n");
        write("data/config/io.millrace.two.cfg", "colour = green\n");
        assertFalse(settings().withFiles().resolved().stringPropertyNames().stream()
                .anyMatch(key -> key.contains("two")));
    }

    @Test
    void aPidWithoutSettingsIsStillThere() {
        assertTrue(settings().resolved().containsKey("empty/"));
    }

    @Test
    void aSettingOfAnUnknownPidIsNamedWithTheNearest() throws IOException {
        Settings settings = settings();
        settings.set("io.millrace.onw.colour=blue");
        String refusal = refusal(settings);
        assertTrue(refusal.contains("Did you mean io.millrace.one?"), refusal);
    }

    @Test
    void allThatIsWrongIsSaidAtOnceWithTheFileItIsIn() throws IOException {
        write("data/config/io.millrace.one.cfg", "\nsize = six\n");
        Settings settings = settings().withFiles();
        settings.set("io.millrace.onw.colour=blue");
        settings.set("io.millrace.one.color=blue");
        List<String> lines = refusal(settings).lines().toList();
        assertEquals(3, lines.size(), lines.toString());
        assertTrue(lines.get(1).contains("no setting 'color'. Did you mean colour?"), lines.get(1));
        assertEquals(
                "io.millrace.one.size must be a whole number from 1 to 9, not 'six'. ("
                        + folder.resolve("data/config/io.millrace.one.cfg") + ", line 2)",
                lines.get(2));
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
