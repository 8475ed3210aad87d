package io.millrace.ops.console;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.AdminServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogPageTest {

    private static String page(Path file) throws Exception {
        try (AdminServer server = new AdminServer(0, Map.of("/log", new LogPage(file)))) {
            return server.get("/log").body();
        }
    }

    @Test
    void theNewestLinesAreShownFirstAndAsText(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("millrace.log");
        Files.writeString(file, "cut " + "x".repeat(70_000) + "\n2026-01-01 10:00:00.000 INFO  a - <b>one</b>\n"
                + "2026-01-01 10:00:01.000 WARN  a - two\n");
        String page = page(file);
        assertFalse(page.contains("cut x"), "a line that is not whole is left out");
        assertTrue(page.contains("&lt;b&gt;one&lt;/b&gt;"), page);
        assertTrue(page.indexOf("a - two") < page.indexOf("one"), page);
        assertTrue(page.contains("<li class=\"problem\">2026-01-01 10:00:01.000 WARN"), page);
    }

    @Test
    void aFileThatIsNotThereIsSaid(@TempDir Path folder) throws Exception {
        assertTrue(page(folder.resolve("none.log")).contains("It cannot be read"));
    }
}
