package io.millrace.ops.cli;

import io.millrace.ops.settings.NodeSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Settings that only a test sees. */
final class InMemorySettings implements NodeSettings {

    final Map<String, String> values = new ConcurrentHashMap<>();

    /** What the next change is refused with; empty takes it. */
    volatile String refusal = "";

    /** Whether the next change cannot be kept. */
    volatile boolean full;

    @Override
    public Optional<String> value(String pid, String key) {
        return Optional.ofNullable(values.get(pid + "." + key));
    }

    @Override
    public Optional<String> set(String pid, Map<String, String> changes) {
        if (full) {
            throw new UncheckedIOException(new IOException("Nothing was changed: no space left"));
        }
        if (!refusal.isEmpty()) {
            return Optional.of(refusal);
        }
        changes.forEach((key, value) -> values.put(pid + "." + key, value));
        return Optional.empty();
    }
}
