package io.millrace.api.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretReferenceTest {

    @TempDir
    Path folder;

    @Test
    void aSecretIsReadWhereItIsKept() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "open sesame\n");
        assertEquals("open sesame", SecretReference.read("file:" + file));
        assertEquals("s", SecretReference.read("env:KEY", name -> name.equals("KEY") ? "s" : null));
        assertEquals("plain", SecretReference.read("plain"));
        assertTrue(SecretReference.is("env:KEY"));
        assertFalse(SecretReference.is("plain"));
    }

    @Test
    void aSecretIsReadAsBytesThatCanBeWiped() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), " \u00fcn sesame\r\n\n");
        assertEquals("\u00fcn sesame", new String(SecretReference.bytes("file:" + file), StandardCharsets.UTF_8));
        assertEquals("\u00fcn sesame", SecretReference.read("file:" + file));
        assertEquals("plain", new String(SecretReference.bytes("plain"), StandardCharsets.UTF_8));
        assertEquals(0, SecretReference.bytes("file:" + Files.writeString(folder.resolve("empty"), " \n")).length);
        assertThrows(IOException.class, () -> SecretReference.bytes("file:" + folder.resolve("missing")));
        assertThrows(IOException.class, () -> SecretReference.bytes("env:MILLRACE_NO_SUCH_NAME"));
    }

    @Test
    void aReferenceToNothingIsNamed() {
        for (String reference : new String[] {"file:" + folder.resolve("missing"), "file:relative", "file:\0", "env:NO"}) {
            String said = assertThrows(
                    IOException.class, () -> SecretReference.read(reference, name -> null)).getMessage();
            assertTrue(said.startsWith(reference), said);
        }
    }

    @Test
    void aFileWithoutEndIsNotRead() {
        assertThrows(IOException.class, () -> SecretReference.read("file:/dev/zero"));
    }
}
