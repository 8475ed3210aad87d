package io.millrace.ops.cli;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The node's settings, as far as this API shows and changes them. */
public interface Knobs {

    /** What is in force; empty when this node has no such setting, or none is given. */
    Optional<String> value(String pid, String key);

    /**
     * Sets these together, now and for later runs; a sentence when that is refused.
     *
     * @throws UncheckedIOException they cannot be kept, and nothing was changed
     */
    Optional<String> set(String pid, Map<String, String> values);
}
