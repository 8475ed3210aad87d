package io.millrace.kernel;

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

class NodeSecretTest {

    @TempDir
    Path directory;

    @Test
    void theSecretIsMadeOnceAndReadFromThenOn() {
        Bytes secret = NodeSecret.in(directory.resolve("orchestrator"), "secret", "LOST");
        assertEquals(NodeSecret.LENGTH, secret.size());
        assertEquals(secret, NodeSecret.in(directory.resolve("orchestrator"), "secret", "LOST"));
        assertNotEquals(secret, NodeSecret.in(directory.resolve("another"), "secret", "LOST"));
    }

    @Test
    void nobodyElseMayReadItAndNoDraftIsLeft() throws IOException {
        NodeSecret.in(directory, "secret", "LOST");
        Path file = directory.resolve("secret");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (var files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aBrokenFileStopsTheNodeAndSaysWhatToDo() throws IOException {
        Files.write(directory.resolve("secret"), new byte[5]);
        Fault fault = assertThrows(Fault.class, () -> NodeSecret.in(directory, "secret", "LOST"));
        assertEquals(Fault.Consequence.STOP_NODE, fault.consequence());
        assertTrue(fault.getMessage().contains("holds 5 bytes"), fault.getMessage());
    }

    @Test
    void aFolderThatCannotBeMadeStopsTheNode() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThrows(Fault.class, () -> NodeSecret.in(file.resolve("below"), "secret", "LOST"));
    }
}
