package io.millrace.ops.settings;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {

    @TempDir
    private Path folder;

    @Test
    void aFileCountsOnceNobodyWritesItAnyMore() throws IOException {
        FolderWatch watch = new FolderWatch(List.of(folder, folder.resolve("missing")));
        assertFalse(watch.changed());
        Path file = Files.writeString(folder.resolve("a.cfg"), "1");
        assertFalse(watch.changed());
        Files.writeString(file, "12");
        assertFalse(watch.changed());
        assertTrue(watch.changed());
        assertFalse(watch.changed());
        Files.writeString(folder.resolve(".a.part"), "x");
        assertFalse(watch.changed());
        Files.delete(file);
        assertFalse(watch.changed());
        assertTrue(watch.changed());
    }
}
