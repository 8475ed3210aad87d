package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A pipeline's project as its author has it.
 *
 * @param directory with the pom.xml
 * @param bundle the symbolic name of what it builds
 */
record AuthorProject(Path directory, String bundle) {

    private static final long BUILD_SECONDS = 180;

    /** Written by {@code millrace new-pipeline}. */
    static AuthorProject generate(Path directory, String name, String packageName) {
        return generate("new-pipeline", directory, name, packageName);
    }

    /** Written by {@code millrace new-pipeline}, {@code new-policy} or {@code new-publisher}. */
    static AuthorProject generate(String command, Path directory, String name, String packageName) {
        Finished made =
                Distribution.GPL.run(command, name, "--package", packageName, directory.toString());
        assertEquals(0, made.exitCode(), made.said());
        return new AuthorProject(directory, packageName);
    }

    /** Changes words in one of its files. */
    void edit(String file, String from, String to) throws IOException {
        Path path = directory.resolve(file);
        String text = Files.readString(path);
        assertEquals(2, text.split(Pattern.quote(from), -1).length, from + " in " + text);
        Files.writeString(path, text.replace(from, to));
    }

    /** {@code mvn package}, with what the build of Millrace has downloaded; the jar. */
    Path build() throws IOException, InterruptedException {
        Path output = directory.resolve("build.txt");
        ProcessBuilder maven = new ProcessBuilder(List.of(
                        "mvn", "-o", "-B", "-ntp", "-Dmaven.repo.local=" + System.getProperty("maven.repo.local"),
                        "package"))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // What the Maven around this test was told is none of an author's business.
        Map<String, String> environment = new TreeMap<>(maven.environment());
        environment.keySet().stream().filter(name -> name.startsWith("MAVEN_")).forEach(maven.environment()::remove);
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = maven.start();
        if (!process.waitFor(BUILD_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the build does not end: " + Files.readString(output));
        }
        String said = Files.readString(output);
        assertEquals(0, process.exitValue(), said);
        assertTrue(
                said.lines().anyMatch(line -> line.matches(".*Tests run: [1-9][0-9]*, Failures: 0.* in .*Test.*")), said);
        return directory.resolve("target/" + bundle + ".jar");
    }

    /** Builds it and gives it to a node by a plain copy. */
    void deploy(Path folder) throws IOException, InterruptedException {
        Files.copy(build(), deployed(folder), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Takes it away again. */
    void withdraw(Path folder) throws IOException {
        Files.delete(deployed(folder));
    }

    private Path deployed(Path folder) {
        return folder.resolve(bundle + ".jar");
    }
}
