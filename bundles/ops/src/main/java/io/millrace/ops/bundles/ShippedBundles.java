package io.millrace.ops.bundles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Filter;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;

/**
 * The bundles that come with the node, whether its role uses them or not. They are read when a bundle lacks
 * something.
 */
final class ShippedBundles {

    /** How a feature names a jar: alone, or as one of several to choose from. */
    private static final Function<String, Pattern> USED = jar -> Pattern.compile("[\"|]" + Pattern.quote(jar) + "[\"|]");

    /** The packages of others, in {@code uses}, are not offered. */
    private static final Pattern DIRECTIVE = Pattern.compile(";\\s*[\\w-]+:=(\"[^\"]*\"|[^;,\"]*)");

    private final Path distribution;
    private List<BundleFile> files;

    /** Over the folder of the node's own bundles and, beside it, that of its features. */
    ShippedBundles(Path distribution) {
        this.distribution = distribution;
    }

    Optional<BundleFile> named(String name) {
        return files().stream().filter(file -> file.name().equals(name)).findFirst();
    }

    /** Who offers a bundle: a continuation of a sentence, empty when nobody does. */
    String ofBundle(String name) {
        return offered(file -> file.name().equals(name));
    }

    /** Who offers a package in a version that this filter of a requirement takes. */
    String ofPackage(String name, Filter filter) {
        return offered(file -> exports(file, name, filter));
    }

    String ofService(String type) {
        Pattern provided = Pattern.compile("osgi\\.service;[^;]*[\"=,]" + Pattern.quote(type) + "[\",;]");
        return offered(file -> {
            String header = file.headers().getValue("Provide-Capability");
            return header != null && provided.matcher(header + ";").find();
        });
    }

    private static boolean exports(BundleFile file, String name, Filter filter) {
        String header = file.headers().getValue("Export-Package");
        return header != null
                && Stream.of(DIRECTIVE.matcher(header).replaceAll("").split(","))
                        .map(clause -> List.of(clause.strip().split("\\s*;\\s*")))
                        .filter(clause -> clause.contains(name))
                        .anyMatch(clause -> filter.matches(Map.of(
                                PackageNamespace.PACKAGE_NAMESPACE,
                                name,
                                PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE,
                                version(clause))));
    }

    private static Version version(List<String> clause) {
        return clause.stream()
                .filter(part -> part.startsWith("version="))
                .findFirst()
                .map(part -> Version.parseVersion(part.substring("version=".length()).replace("\"", "")))
                .orElse(Version.emptyVersion);
    }

    private String offered(Predicate<BundleFile> has) {
        return files().stream()
                .filter(has)
                .findFirst()
                .map(file -> ": " + file.name() + " has it" + features(file))
                .orElse("");
    }

    private String features(BundleFile file) {
        String jar = file.file().getFileName().toString().replaceFirst("\\.jar$", "");
        Path folder = distribution.resolveSibling("features");
        try (Stream<Path> all = Files.list(folder)) {
            List<String> roles = new ArrayList<>();
            for (Path feature : all.sorted().toList()) {
                if (USED.apply(jar).matcher(Files.readString(feature)).find()) {
                    roles.add(feature.getFileName().toString().replaceFirst("^_", "").replaceFirst("\\.json$", ""));
                }
            }
            return roles.isEmpty()
                    ? ", which no role uses: copy it into deploy/"
                    : roles.stream().collect(Collectors.joining(", ", ", of the feature ", ""));
        } catch (IOException e) {
            return "";
        }
    }

    private static void add(List<BundleFile> files, Path jar) {
        try {
            files.add(BundleFile.read(jar));
        } catch (BundleFile.NoBundle e) {
            // Not one that could offer anything.
            return;
        }
    }

    private synchronized List<BundleFile> files() {
        if (files == null) {
            files = new ArrayList<>();
            try (Stream<Path> jars = Files.list(distribution)) {
                jars.filter(path -> path.toString().endsWith(".jar")).sorted().forEach(jar -> add(files, jar));
            } catch (IOException e) {
                // Without them nobody is told who has what he lacks; that he lacks it is told all the same.
                return files;
            }
        }
        return files;
    }
}
