package io.millrace.launcher.config;

import io.millrace.launcher.AdminClient;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;

/** The node that runs. */
record RunningTarget(AdminClient node) implements Target {

    private static final String PATH = "/api/config/";

    /** A change waits for the components that take it. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Override
    public List<JsonObject> all() throws InterruptedException {
        return ((JsonArray) node.get("/api/config")).getValuesAs(JsonObject.class);
    }

    @Override
    public String set(String key, String value) throws InterruptedException {
        return node.send("PUT", PATH + AdminClient.escaped(key), BodyPublishers.ofString(value), LIMIT);
    }

    @Override
    public String unset(String key) throws InterruptedException {
        return node.send("DELETE", PATH + AdminClient.escaped(key), BodyPublishers.noBody(), LIMIT);
    }
}
