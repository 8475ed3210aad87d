package io.millrace.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The unpacked distribution.
 *
 * @param directory its top folder, absolute
 */
public record DistributionFolder(Path directory) {

    private static final String PROPERTY = "millrace.home";

    /** The one this program was started from. */
    public static DistributionFolder ofThisProgram() {
        String directory = System.getProperty(PROPERTY);
        if (directory == null) {
            throw new Refused("Start Millrace by bin/millrace, which says where it lies (" + PROPERTY + ").");
        }
        return new DistributionFolder(Path.of(directory).toAbsolutePath().normalize());
    }

    /** Names of the roles that can be run. */
    public List<String> roles() {
        try (Stream<Path> files = Files.list(features())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && !name.startsWith("_"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What each role is made of. */
    public Path features() {
        return directory.resolve("features");
    }

    /** One commented file per PID. */
    public Path config() {
        return directory.resolve("config");
    }

    /** The first bundle that is there; alternatives are separated by {@code |}. */
    public Path bundle(String alternatives) {
        for (String name : alternatives.split("\\|")) {
            Path jar = directory.resolve("bundles").resolve(name + ".jar");
            if (Files.isRegularFile(jar)) {
                return jar;
            }
        }
        throw new Refused("The distribution at " + directory + " is incomplete: bundles/"
                + alternatives.replace("|", ".jar or bundles/") + ".jar is missing. Build or unpack it again.");
    }

    /** The product's version. */
    public static String version() {
        String version = DistributionFolder.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
