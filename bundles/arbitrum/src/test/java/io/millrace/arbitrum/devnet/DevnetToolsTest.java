package io.millrace.arbitrum.devnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevnetToolsTest {

    @TempDir
    private Path folder;

    @Test
    void whereThereIsNoNpmItSaysSo() {
        DevnetTools.Missing missing =
                assertThrows(DevnetTools.Missing.class, () -> DevnetTools.installed(folder, folder.toString()));
        assertTrue(missing.getMessage().startsWith("npm is not on the path of this machine"), missing.getMessage());
    }

    @Test
    void whatIsInstalledIsNotInstalledAgain() throws Exception {
        assertThrows(DevnetTools.Missing.class, () -> DevnetTools.installed(folder, ""));
        Files.createDirectories(folder.resolve("node_modules"));
        Files.writeString(folder.resolve("node_modules/.package-lock.json"), "{}");
        DevnetTools.installed(folder, "");
        Files.writeString(folder.resolve("package-lock.json"), "of another version");
        assertThrows(DevnetTools.Missing.class, () -> DevnetTools.installed(folder, ""));
    }

    /** Whoever installs it uses the registry that their npm is set up with. */
    @Test
    void theLockFileHasChecksumsAndNamesNoRegistry() throws Exception {
        try (var in = DevnetTools.class.getResourceAsStream("package-lock.json")) {
            String lock = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertFalse(lock.contains("resolved") || lock.contains("http"), lock);
            assertEquals(7, lock.split("\"integrity\": \"sha512-", -1).length - 1);
        }
    }
}
