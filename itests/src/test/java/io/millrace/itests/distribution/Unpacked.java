package io.millrace.itests.distribution;

import io.millrace.launcher.DistributionFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The unpacked distribution that this build made. */
final class Unpacked {

    static final DistributionFolder HOME = DistributionFolder.ofThisProgram();

    private Unpacked() {}

    /** Every bundle in it. */
    static List<BundleJar> bundles() {
        return files(HOME.directory().resolve("bundles"), ".jar").stream().map(BundleJar::read).toList();
    }

    /** Those that this project makes itself. */
    static List<BundleJar> ownBundles() {
        return bundles().stream().filter(bundle -> bundle.name().startsWith("io.millrace.")).toList();
    }

    /** Files of a folder by the end of their name, sorted. */
    static List<Path> files(Path folder, String end) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
