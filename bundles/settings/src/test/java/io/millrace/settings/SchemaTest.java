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
