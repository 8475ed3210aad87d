package io.millrace.launcher.author;

import io.millrace.launcher.Command;
import io.millrace.launcher.DistributionFolder;
import io.millrace.launcher.Options;
import io.millrace.launcher.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the project of a bundle that works and waits for its author. */
public final class NewBundle {

    /** {@code millrace new-pipeline}. */
    public static final Command PIPELINE = command(
            "pipeline", "what callers ask for, such as word-count", "Pipeline");

    /** {@code millrace new-policy}. */
    public static final Command POLICY = command(
            "policy", "what it is called, such as nearest-first", "Policy");

    /** {@code millrace new-publisher}. */
    public static final Command PUBLISHER = command(
            "publisher", "what it is called, such as cold-archive", "Publisher");

    private static Command command(String noun, String what, String type) {
        String name = "new-" + noun;
        return new Command(
                name,
                "NAME [--package PACKAGE] [DIR]",
                "Write a small Maven project: a " + noun + " of your own",
                """
                NAME       %s: lower-case words joined by hyphens
                --package  of its classes (default: com.example.NAME)
                DIR        where to write it; must not exist, or be empty (default: NAME, here)
                'mvn package' in it builds a bundle and tests it; a copy of that in deploy/ runs in the node.
                docs/write-a-%s.md tells all of it.
                """.formatted(what, noun),
                (home, words) -> run(home, words, noun, type, name));
    }

    /** Template by the file that it makes. */
    private static Map<String, String> files(String type) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("pom.xml", "pom.xml");
        files.put("README.md", type + ".README.md");
        files.put(".gitignore", "gitignore");
        files.put("src/main/java/@folder@/@type@" + type + ".java", type + ".java.txt");
        files.put("src/main/java/@folder@/@type@Settings.java", type + "Settings.java.txt");
        files.put("src/test/java/@folder@/@type@" + type + "Test.java", type + "Test.java.txt");
        return files;
    }

    private NewBundle() {}

    private static int run(DistributionFolder home, List<String> words, String noun, String type, String command)
            throws IOException {
        String usage = "millrace " + command + " NAME [--package PACKAGE] [DIR]";
        Options options = Options.parse(words, Set.of("--package"), Set.of());
        List<String> rest = options.rest(2, usage);
        if (rest.isEmpty()) {
            throw new Refused("A " + noun + " needs a name. Usage: " + usage);
        }
        BundleNames names = options.one("--package")
                .map(given -> BundleNames.of(noun, rest.getFirst(), given))
                .orElseGet(() -> BundleNames.of(noun, rest.getFirst()));
        Path project = folder(rest.size() > 1 ? rest.get(1) : names.capability());
        write(project, names, files(type), DistributionFolder.version());
        System.out.print("""
                Written to %1$s. Build and test it, then give it to a node:

                  cd %1$s
                  %4$smvn package
                  cp target/%2$s.jar %3$s/

                'millrace bundles' lists it then. README.md says what to change first.
                """.formatted(project, names.packageName(), home.directory().resolve("deploy"), jdk()));
        return 0;
    }

    /** Maven takes the Java that JAVA_HOME names, and else one that may be too old: this one will do. */
    private static String jdk() {
        Path java = Path.of(System.getProperty("java.home"));
        return Files.exists(java.resolve("bin/javac")) ? "export JAVA_HOME=" + java + "\n  " : "";
    }

    private static Path folder(String given) {
        try {
            return Path.of(given).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new Refused("'" + given + "' is no folder: " + e.getReason() + ".");
        }
    }

    /** Writes the project into a folder that is new or empty. */
    private static void write(Path project, BundleNames names, Map<String, String> files, String version) throws IOException {
        if (Files.exists(project, LinkOption.NOFOLLOW_LINKS) && !isEmptyFolder(project)) {
            throw Refused.failed(project + " is there already, and nothing is overwritten. Name another folder after the"
                    + " name, or remove that one.");
        }
        Map<String, String> words = Map.of("version", version);
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path target = project.resolve(names.fill(file.getKey(), words));
                Files.createDirectories(target.getParent());
                Files.writeString(target, names.fill(template(file.getValue()), words));
            }
        } catch (IOException e) {
            throw Refused.failed("The project cannot be written to " + project + ": " + e);
        }
    }

    private static boolean isEmptyFolder(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            return !files.iterator().hasNext();
        }
    }

    private static String template(String name) throws IOException {
        try (InputStream in = NewBundle.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
