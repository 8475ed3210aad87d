package io.millrace.launcher;

import io.millrace.settings.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The settings that the bundles of a node declare. */
final class DeclaredSettings {

    private static final String OURS = "io.millrace.";

    private DeclaredSettings() {}

    /** By the bundles of a role, and by those that were dropped into {@code deploy/}. */
    static Schema by(Feature feature, DistributionFolder home, Path data) {
        List<Schema> parts = new ArrayList<>();
        // Of a bundle that replaces one of ours, what it declares counts.
        for (Path folder : List.of(data.resolve("deploy"), home.directory().resolve("deploy"))) {
            dropped(folder).forEach(jar -> parts.add(declared(jar)));
        }
        for (String bundle : feature.bundles().keySet()) {
            if (!bundle.startsWith(OURS)) {
                // Looking into all jars would take a tenth of a start; a role sets nothing that those declare.
                continue;
            }
            Path jar = home.bundle(bundle);
            try {
                parts.add(Schema.of(jar));
            } catch (IOException e) {
                throw Refused.failed(jar + " cannot be read (" + e.getMessage() + "). Unpack the distribution again.");
            }
        }
        return Schema.all(parts);
    }

    private static List<Path> dropped(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** One that cannot be read is refused by the node, which goes on without it. */
    private static Schema declared(Path jar) {
        try {
            return Schema.of(jar);
        } catch (IOException e) {
            return Schema.none();
        }
    }
}
