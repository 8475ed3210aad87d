package io.millrace.itests.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bundle as its manifest describes it.
 *
 * @param name file name without {@code .jar}
 */
record BundleJar(String name, Path file, Attributes headers) {

    /** One package, or several with shared attributes, up to the next comma outside of quotes. */
    private static final Pattern CLAUSE = Pattern.compile("(?:[^,\"]|\"[^\"]*\")+");

    static BundleJar read(Path file) {
        try (JarFile jar = new JarFile(file.toFile())) {
            String name = file.getFileName().toString().replaceFirst("\\.jar$", "");
            return new BundleJar(name, file, jar.getManifest().getMainAttributes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String header) {
        return headers.getValue(header) != null;
    }

    /** Packages it cannot do without. */
    Set<String> requiredImports() {
        return packages("Import-Package", "resolution:=optional");
    }

    Set<String> exports() {
        return packages("Export-Package", null);
    }

    private Set<String> packages(String header, String unless) {
        Set<String> packages = new LinkedHashSet<>();
        Matcher clauses = CLAUSE.matcher(has(header) ? headers.getValue(header) : "");
        while (clauses.find()) {
            List<String> parts = new ArrayList<>(List.of(clauses.group().strip().split(";")));
            if (!parts.contains(unless)) {
                parts.stream().filter(part -> !part.contains("=")).forEach(packages::add);
            }
        }
        return packages;
    }
}
