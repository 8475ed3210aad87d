package io.millrace.launcher.config;

import jakarta.json.JsonObject;
import java.util.List;

/** Whose settings are shown and changed. */
interface Target {

    /** All settings, as the admin API shows them. */
    List<JsonObject> all() throws InterruptedException;

    /**
     * Sets one; what there is to say about it.
     *
     * @throws io.millrace.launcher.Refused when that is not allowed
     */
    String set(String key, String value) throws InterruptedException;

    /** Takes one out of the node's own file; what there is to say about it. */
    String unset(String key) throws InterruptedException;
}
