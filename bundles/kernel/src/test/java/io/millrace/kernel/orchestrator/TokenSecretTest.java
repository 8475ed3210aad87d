package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSecretTest {

    @TempDir
    Path directory;

    @Test
    void theSecretIsMadeOnceAndReadFromThenOn() {
        Bytes secret = TokenSecret.in(directory.resolve("orchestrator"));
        assertEquals(TokenSecret.LENGTH, secret.size());
        assertEquals(secret, TokenSecret.in(directory.resolve("orchestrator")));
        assertNotEquals(secret, TokenSecret.in(directory.resolve("another")));
    }

    @Test
    void nobodyElseMayReadItAndNoDraftIsLeft() throws IOException {
        TokenSecret.in(directory);
        Path file = directory.resolve(TokenSecret.FILE);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (var files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aBrokenFileStopsTheNodeAndSaysWhatToDo() throws IOException {
        Files.write(directory.resolve(TokenSecret.FILE), new byte[5]);
        Fault fault = assertThrows(Fault.class, () -> TokenSecret.in(directory));
        assertEquals(Fault.Consequence.STOP_NODE, fault.consequence());
        assertTrue(fault.getMessage().contains("holds 5 bytes"), fault.getMessage());
    }

    @Test
    void aFolderThatCannotBeMadeStopsTheNode() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThrows(Fault.class, () -> TokenSecret.in(file.resolve("below")));
    }
}
