package io.millrace.itests.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.launcher.DistributionFolder;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.Test;

/** The dashboard in the archive is one that Grafana takes. */
class DashboardIT {

    private static final int COLUMNS = 24;

    private static JsonObject dashboard() throws IOException {
        try (InputStream in = Files.newInputStream(DistributionFolder.ofThisProgram().directory().resolve("grafana/millrace.json"));
                JsonReader reader = new JsonProviderImpl().createReader(in)) {
            return reader.readObject();
        }
    }

    @Test
    void eachPanelHasItsNumberPlaceAndQuestion() throws IOException {
        Set<Integer> numbers = new HashSet<>();
        for (JsonObject panel : dashboard().getJsonArray("panels").getValuesAs(JsonObject.class)) {
            String title = panel.getString("title");
            assertTrue(numbers.add(panel.getInt("id")), title);
            JsonObject place = panel.getJsonObject("gridPos");
            assertTrue(place.getInt("x") + place.getInt("w") <= COLUMNS, title);
            if (!panel.getString("type").equals("row")) {
                assertFalse(panel.getJsonArray("targets").isEmpty(), title);
                assertEquals("${datasource}", panel.getJsonObject("datasource").getString("uid"), title);
            }
        }
        assertTrue(numbers.size() > 20, "it has panels");
    }

    @Test
    void itNamesNoHostAndAsksForTheDataSource() throws IOException {
        JsonObject dashboard = dashboard();
        assertFalse(dashboard.toString().contains("://"), "it loads nothing from elsewhere");
        assertEquals(
                "datasource",
                dashboard.getJsonObject("templating").getJsonArray("list").getJsonObject(0).getString("type"));
    }
}
