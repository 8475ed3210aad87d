package io.millrace.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchemaTest {

    @Test
    void aSettingIsAsItsBundleDeclaresIt() {
        Setting pause = Samples.schema().setting(Samples.MILL, "pauseSeconds").orElseThrow();
        assertEquals(Type.INTEGER, pause.type());
        assertEquals(Optional.of("5"), pause.standard());
        assertEquals(Optional.of("0"), pause.min());
        assertEquals(Optional.empty(), pause.max());
        assertEquals(Optional.of("seconds"), pause.unit());
        assertEquals("Pause.", pause.description());
    }

    @Test
    void aConfigurationIsCalledAsItsBundleSaysOrByItsPid() throws IOException {
        assertEquals("Mill", Samples.schema().title(Samples.MILL).name());
        assertEquals("Door", Samples.schema().title(Samples.DOOR).name());
        assertEquals("a.b", Samples.schema().title(Pid.of("a.b")).name());
    }

    @Test
    void aDefaultIsAsItsAuthorWroteItInJava() {
        assertEquals(Optional.of("at 5, in C:\\mill"), standard("cardinality='0'", "at\\ 5\\,\\ in\\ C:\\\\mill"));
        assertEquals(Optional.of("rye,wheat"), standard("cardinality='0'", " rye,wheat "));
        assertEquals(Optional.of(" rye "), standard("cardinality='0'", "\\ rye\\ "));
        assertEquals(Optional.of(""), standard("cardinality='0'", ""));
    }

    @Test
    void aListOfDefaultsIsSplitAsALineInAFileIs() {
        assertEquals(
                List.of("rye flour", "wheat"),
                Setting.listed(standard("cardinality='9'", "rye\\ flour, wheat").orElseThrow()));
    }

    @Test
    void anEscapedCommaInAListOfDefaultsSeparatesAsFilesHaveNoEscapeForIt() {
        assertEquals(
                List.of("rye", "flour", "wheat"),
                Setting.listed(standard("cardinality='9'", "rye\\,flour,wheat").orElseThrow()));
    }

    private static Optional<String> standard(String cardinality, String text) {
        return Samples.schema("<MetaData><OCD id='mill'><AD id='grain' type='String' " + cardinality + " default='"
                        + text + "'/></OCD><Designate pid='org.example.mill'><Object ocdref='mill'/></Designate></MetaData>")
                .setting(Samples.MILL, "grain")
                .flatMap(Setting::standard);
    }

    @Test
    void settingsStayInTheOrderOfTheirBundle() {
        assertEquals(
                List.of("wheels", "pauseSeconds", "grain", "ports", "open", "speed", "secret"),
                List.copyOf(Samples.schema().of(Samples.MILL).keySet()));
    }

    @Test
    void aKindOfWhichThereAreSeveralIsAskedForByName() {
        assertTrue(Samples.schema().has(Samples.DOOR));
        assertFalse(Samples.schema().has(Pid.of("org.example.door")));
        assertFalse(Samples.schema().has(Pid.of("org.example.mill~second")));
    }

    @Test
    void aDocumentTypeIsRefusedSoThatNothingIsFetchedOrBlownUp() {
        String bomb = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><MetaData>&a;</MetaData>";
        assertThrows(
                IOException.class,
                () -> Schema.read(new ByteArrayInputStream(bomb.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void aDeclarationWithoutEndIsRefused() {
        String many = "<MetaData><OCD id='x'>" + "<AD id='a' type='String'/>".repeat(3000) + "</OCD></MetaData>";
        assertThrows(
                IOException.class,
                () -> Schema.read(new ByteArrayInputStream(many.getBytes(StandardCharsets.UTF_8))));
    }
}
