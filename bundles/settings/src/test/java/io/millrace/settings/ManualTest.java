package io.millrace.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ManualTest {

    @Test
    void everySettingIsExplainedAndNoneIsSet() {
        SettingsFile file = Manual.of(Samples.MILL, Samples.schema().of(Samples.MILL).values());
        assertEquals(Map.of(), file.values());
        assertTrue(
                file.text().contains("\n# Pause. A whole number of seconds from 0 to 2147483647.\n#pauseSeconds = 5\n"),
                file.text());
        file.set("grain", "wheat");
        assertTrue(file.text().contains("\ngrain = wheat\n"), file.text());
    }
}
