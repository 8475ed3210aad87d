package io.millrace.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.List;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.Test;

class StatusCommandTest {

    private static JsonObject json(String text) {
        try (JsonReader reader = new JsonProviderImpl().createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    @Test
    void aNodeIsSomeLines() {
        String text = StatusCommand.text(json(
                """
                {"role":"orchestrator","pid":42,"ready":true,"addresses":{"admin":"http://127.0.0.1:7935"},
                 "console":"http://127.0.0.1:7935/system/console","obstacles":[],"cautions":["it lacks room"],
                 "sessions":2,"maxSessions":10,"budgets":{"heap":{"usedMegabytes":12,"limitMegabytes":512},
                 "native":{"usedMegabytes":0,"limitMegabytes":3000}}}"""));
        assertEquals(
                List.of(
                        "orchestrator ready (process 42)",
                        "  admin http://127.0.0.1:7935",
                        "  console http://127.0.0.1:7935/system/console",
                        "  streams 0, sessions 2 of 10",
                        "  memory for work: heap 12 of 512 MB, native 0 of 3000 MB",
                        "  caution: it lacks room"),
                text.lines().toList());
    }

    @Test
    void aNodeWithoutAConsoleOrAKernelHasFewer() {
        String text = StatusCommand.text(json(
                "{\"role\":\"gateway\",\"pid\":42,\"addresses\":{},\"console\":null,\"budgets\":{}}"));
        assertEquals("gateway not ready (process 42)", text);
    }
}
