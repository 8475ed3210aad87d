package io.millrace.ops.settings;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The settings for other packages of this bundle. For any thread. */
public interface NodeSettings {

    /** What is in force, a default too; empty when this node has no such setting. A secret is only its reference. */
    Optional<String> value(String pid, String key);

    /**
     * Sets some together, now and for later runs, as {@code config set} does; where the command line set one, for
     * the rest of this run. A sentence when that is refused.
     *
     * @throws UncheckedIOException the file cannot be written, and nothing was changed
     */
    Optional<String> set(String pid, Map<String, String> values);
}
