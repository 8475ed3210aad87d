package io.millrace.api.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
