package io.millrace.launcher.author;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.launcher.Command;
import io.millrace.launcher.DistributionFolder;
import io.millrace.launcher.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewBundleTest {

    @TempDir
    private Path folder;

    private int run(String... words) throws Exception {
        return NewBundle.PIPELINE.action().run(new DistributionFolder(folder), List.of(words));
    }

    private static Refused refused(String... words) {
        return assertThrows(
                Refused.class, () -> NewBundle.PIPELINE.action().run(new DistributionFolder(Path.of("home")), List.of(words)));
    }

    private static List<Path> files(Path project) throws IOException {
        try (Stream<Path> walk = Files.walk(project)) {
            return walk.filter(Files::isRegularFile).map(project::relativize).sorted().toList();
        }
    }

    @Test
    void aProjectIsNamedAfterItsPipelineThroughout() throws Exception {
        Path project = folder.resolve("p");
        assertEquals(0, run("word-count", project.toString()));
        assertEquals(
                List.of(
                        Path.of(".gitignore"),
                        Path.of("README.md"),
                        Path.of("pom.xml"),
                        Path.of("src/main/java/com/example/wordcount/WordCountPipeline.java"),
                        Path.of("src/main/java/com/example/wordcount/WordCountSettings.java"),
                        Path.of("src/test/java/com/example/wordcount/WordCountPipelineTest.java")),
                files(project));
        for (Path file : files(project)) {
            String text = Files.readString(project.resolve(file));
            assertFalse(text.matches("(?s).*@[a-z]+@.*"), () -> "a place was left open in " + file);
        }
        String code = Files.readString(
                project.resolve("src/main/java/com/example/wordcount/WordCountPipeline.java"));
        assertTrue(code.startsWith("package com.example.wordcount;"), code);
        assertTrue(code.contains("CAPABILITY = \"word-count\""), code);
    }

    @Test
    void thePackageIsTheAuthorsChoice() throws Exception {
        Path project = folder.resolve("p");
        run("--package", "org.acme.video.loud", "loud-pipeline", project.toString());
        String pom = Files.readString(project.resolve("pom.xml"));
        assertTrue(pom.contains("<groupId>org.acme.video</groupId>"), pom);
        assertTrue(pom.contains("<artifactId>org.acme.video.loud</artifactId>"), pom);
        assertTrue(Files.exists(project.resolve("src/main/java/org/acme/video/loud/LoudPipeline.java")));
    }

    @Test
    void anEmptyFolderIsFilledAndAnyOtherIsLeftAlone() throws Exception {
        Path project = Files.createDirectory(folder.resolve("p"));
        run("echo", project.toString());
        List<Path> before = files(project);
        Refused refused = refused("echo", project.toString());
        assertEquals(1, refused.exitCode());
        assertTrue(refused.getMessage().contains(project.toString()), refused.getMessage());
        assertEquals(before, files(project));
        Path file = Files.writeString(folder.resolve("file"), "mine");
        refused("echo", file.toString());
        assertEquals("mine", Files.readString(file));
    }

    @ParameterizedTest
    @CsvSource({
        "WordCount, word-count",
        "word_count, word-count",
        "word count, word-count",
        "Word--Count-, word-count",
        "../../etc/passwd, etc-passwd",
        "9lives, lives",
        "'', word-count",
        "a/b, a-b",
        "a.b, a-b"
    })
    void aNameThatIsNoneIsRefusedWithOneThatIs(String wrong, String right) {
        Refused refused = refused(wrong);
        assertEquals(2, refused.exitCode());
        assertTrue(refused.getMessage().contains("such as " + right + "."), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipeline", "com", "com.Acme", "com.1acme", "com.acme.class", "com..acme", "../acme.x",
            "io.millrace.mine", "java.lang", "a.b c"})
    void aPackageThatIsNoneIsRefused(String wrong) {
        assertEquals(2, refused("echo", "--package", wrong).exitCode());
    }

    @Test
    void aNameThatCannotBeAPackageNeedsOne() {
        assertTrue(refused("native").getMessage().contains("--package"));
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        assertEquals(2, refused("a".repeat(61)).exitCode());
        assertEquals(2, refused("echo", "--package", "a." + "b".repeat(100)).exitCode());
    }

    @Test
    void aMissingNameIsSaid() {
        assertEquals(2, refused().exitCode());
    }

    @Test
    void policiesAndPublishersHaveProjectsToo() throws Exception {
        for (Command command : List.of(NewBundle.POLICY, NewBundle.PUBLISHER)) {
            String noun = command.name().substring("new-".length());
            String type = noun.substring(0, 1).toUpperCase(Locale.ROOT) + noun.substring(1);
            Path project = folder.resolve(noun);
            assertEquals(0, command.action().run(new DistributionFolder(folder), List.of("my-" + noun, project.toString())));
            for (Path file : files(project)) {
                String text = Files.readString(project.resolve(file));
                assertFalse(text.matches("(?s).*@[a-z]+@.*"), () -> "a place was left open in " + file);
            }
            Path code = project.resolve("src/main/java/com/example/my" + noun + "/My" + type + ".java");
            assertTrue(Files.readString(code).contains("public final class My" + type + " implements "), code.toString());
        }
        Refused refused = assertThrows(
                Refused.class, () -> NewBundle.POLICY.action().run(new DistributionFolder(folder), List.of("No")));
        assertTrue(refused.getMessage().contains("cannot name a policy"), refused.getMessage());
    }
}
