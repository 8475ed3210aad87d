package io.millrace.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    private Path folder;

    @Test
    void aFolderIsClaimedOnce() {
        DataFolder data = new DataFolder(folder.resolve("node"));
        data.create();
        assertEquals(Optional.empty(), data.process());
        data.claim();
        System.gc();
        assertEquals(ProcessHandle.current().pid(), data.process().orElseThrow().pid());
        Refused refused = assertThrows(Refused.class, data::claim);
        assertTrue(refused.getMessage().contains("--data"), refused.getMessage());
    }

    @Test
    void aNumberLeftByANodeThatDiedIsNoNode() throws IOException {
        DataFolder data = new DataFolder(folder.resolve("node"));
        data.create();
        Files.writeString(data.run().resolve("pid"), Long.toString(ProcessHandle.current().pid()));
        Files.createFile(data.run().resolve("lock"));
        assertEquals(Optional.empty(), data.process());
        assertEquals(Optional.empty(), data.status());
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Refused refused = assertThrows(Refused.class, () -> new DataFolder(file.resolve("node")).create());
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }
}
