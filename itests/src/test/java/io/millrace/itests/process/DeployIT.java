package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Bundles that are dropped into a running node, and what a user is told of them. */
@Tag("long")
class DeployIT {

    private static final String CODEC = "io.millrace.ffmpeg";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static NodeProcess node;
    private static Path deploy;

    private final Web web = new Web();

    @BeforeAll
    static void startNode() throws IOException {
        Path data = folder.resolve("node");
        node = NodeProcess.run(Distribution.GPL, data, "orchestrator").awaitReady();
        deploy = Files.createDirectories(data.resolve("deploy"));
    }

    @AfterAll
    static void stopNode() {
        if (node != null) {
            node.close();
        }
    }

    private static Path drop(String file, byte[] content) throws IOException {
        return Files.write(deploy.resolve(file), content);
    }

    /** What the node says of a bundle; empty while it has none of this name. */
    private Optional<JsonObject> bundle(String name) {
        HttpResponse<byte[]> answer = web.get(node.address("admin").resolve("/api/bundles"));
        try (JsonReader reader = new JsonProviderImpl().createReader(new ByteArrayInputStream(answer.body()))) {
            return named(name, reader.readArray());
        }
    }

    /** What {@code bin/millrace bundles --json} lists of it. */
    private static JsonObject listed(String name) {
        Finished bundles = node.command("bundles", "--json");
        assertEquals(0, bundles.exitCode(), bundles.said());
        try (JsonReader reader = new JsonProviderImpl().createReader(new StringReader(bundles.said()))) {
            return named(name, reader.readArray()).orElseThrow();
        }
    }

    private static Optional<JsonObject> named(String name, JsonArray bundles) {
        return bundles.getValuesAs(JsonObject.class).stream()
                .filter(bundle -> bundle.getString("name").equals(name))
                .findFirst();
    }

    private void await(String name, String version, String state) {
        Await.that(name + " " + version + " is " + state, () -> bundle(name)
                .filter(bundle -> bundle.getString("version").equals(version))
                .filter(bundle -> bundle.getString("state").equals(state))
                .isPresent());
    }

    private void awaitGone(String name) {
        Await.that(name + " is gone", () -> bundle(name).isEmpty());
    }

    private String awaitMissing(String name) {
        return Await.until(name + " lacks something", () -> bundle(name)
                .map(bundle -> String.join("; ", strings(bundle.getJsonArray("missing"))))
                .filter(missing -> !missing.isEmpty()));
    }

    private static List<String> strings(JsonArray array) {
        return array.getValuesAs(JsonString.class).stream().map(JsonString::getString).toList();
    }

    /** What the node's health names beside; it stays well. */
    private List<String> cautions() {
        HttpResponse<byte[]> health = web.get(node.address("admin").resolve("/health"));
        assertEquals(200, health.statusCode());
        try (JsonReader reader = new JsonProviderImpl().createReader(new ByteArrayInputStream(health.body()))) {
            return strings(reader.readObject().getJsonArray("cautions"));
        }
    }

    private void awaitCaution(String start) {
        Await.that(
                "a caution: " + start,
                () -> cautions().stream().anyMatch(caution -> caution.startsWith(start)));
    }

    private void awaitNoCaution(Path file) {
        Await.that(
                "no caution of " + file,
                () -> cautions().stream().noneMatch(caution -> caution.contains(file.toString())));
    }

    private static long toldOnConsole(String words) {
        return node.console().lines().filter(line -> line.contains(words)).count();
    }

    private static void awaitTold(String words) {
        Await.that("told: " + words, () -> toldOnConsole(words) > 0);
    }

    @Test
    void aDroppedBundleRunsIsReplacedAndWithdrawn() throws IOException {
        Path file = drop("visitor.jar", new SmallBundle("visitor", "1.0.0").jar());
        await("visitor", "1.0.0", "ACTIVE");
        JsonObject listed = listed("visitor");
        assertEquals("ACTIVE", listed.getString("state"));
        assertEquals("deploy", listed.getString("origin"));
        assertEquals(List.of(), strings(listed.getJsonArray("missing")));

        drop("visitor.jar", new SmallBundle("visitor", "1.1.0").jar());
        await("visitor", "1.1.0", "ACTIVE");
        assertEquals("1.1.0", listed("visitor").getString("version"));

        Files.delete(file);
        awaitGone("visitor");
        awaitTold("bundle visitor withdrawn");
    }

    @Test
    void aFileThatHoldsAnotherBundleNowReplacesTheFirst() throws IOException {
        drop("changing.jar", new SmallBundle("caterpillar", "1.0.0").jar());
        await("caterpillar", "1.0.0", "ACTIVE");
        drop("changing.jar", new SmallBundle("butterfly", "1.0.0").jar());
        await("butterfly", "1.0.0", "ACTIVE");
        awaitGone("caterpillar");
        Files.delete(deploy.resolve("changing.jar"));
        awaitGone("butterfly");
    }

    @Test
    void aJarThatIsCopiedSlowlyRunsOnceItIsComplete() throws IOException {
        byte[] jar = new SmallBundle("slow", "1.0.0").jar();
        Path file = drop("slow.jar", Arrays.copyOf(jar, jar.length / 2));
        awaitTold(file + " is not a complete jar");
        assertEquals(Optional.empty(), bundle("slow"));
        Files.write(file, Arrays.copyOfRange(jar, jar.length / 2, jar.length), StandardOpenOption.APPEND);
        await("slow", "1.0.0", "ACTIVE");
        awaitNoCaution(file);
        assertEquals(1, toldOnConsole(file + " is not a complete jar"));
        Files.delete(file);
        awaitGone("slow");
    }

    @Test
    void whatIsNoJarIsNamedOnceAndForgottenWhenItGoes() throws IOException {
        Path file = Files.writeString(deploy.resolve("words.jar"), "just words\n");
        awaitTold(file + " is not a complete jar");
        awaitCaution(file.toString());
        Files.delete(file);
        awaitNoCaution(file);
        assertEquals(1, toldOnConsole(file.toString()));
    }

    @Test
    void aBrokenReplacementLeavesTheFormerOneRunning() throws IOException {
        Path file = drop("steady.jar", new SmallBundle("steady", "1.0.0").jar());
        await("steady", "1.0.0", "ACTIVE");
        drop("steady.jar", new SmallBundle("steady", "2.0.0").with("Import-Package", "a,a").jar());
        awaitTold(file + " cannot be installed");
        await("steady", "1.0.0", "ACTIVE");
        Files.delete(file);
        awaitGone("steady");
    }

    @Test
    void aPackageThatNobodyHasIsNamedWithItsRange() throws IOException {
        Path file = drop(
                "lonely.jar",
                new SmallBundle("lonely", "1.0.0")
                        .with("Import-Package", "org.example.nowhere;version=\"[1.2,2)\"")
                        .jar());
        await("lonely", "1.0.0", "INSTALLED");
        assertEquals("package org.example.nowhere [1.2,2)", awaitMissing("lonely"));
        assertEquals(
                List.of("package org.example.nowhere [1.2,2)"), strings(listed("lonely").getJsonArray("missing")));

        Path friend = drop(
                "friend.jar",
                new SmallBundle("friend", "1.0.0")
                        .with("Export-Package", "org.example.nowhere;version=\"1.4.0\"")
                        .jar());
        await("lonely", "1.0.0", "ACTIVE");
        Files.delete(file);
        awaitGone("lonely");
        Files.delete(friend);
        awaitGone("friend");
    }

    @Test
    void aBundleForAnotherApiIsToldWhatThisNodeHasAndWhatToDo() throws IOException {
        Path file = drop(
                "future.jar",
                new SmallBundle("future", "1.0.0")
                        .with("Import-Package", "io.millrace.api.compute;version=\"[9,10)\"")
                        .jar());
        String missing = awaitMissing("future");
        assertTrue(missing.startsWith("package io.millrace.api.compute [9,10): this node has "), missing);
        assertTrue(missing.contains(" of io.millrace.api; build the bundle against the api of this node"), missing);
        Files.delete(file);
        awaitGone("future");
    }

    @Test
    void whatGoesWrongIsACautionAndToldOnceWhileTheNodeStaysWell() throws IOException {
        Path lacking = drop(
                "lacking.jar",
                new SmallBundle("lacking", "1.0.0").with("Import-Package", "org.example.gone").jar());
        awaitTold("bundle lacking 1.0.0 is INSTALLED: package org.example.gone");
        Path failing = drop(
                "failing.jar",
                new SmallBundle("failing", "1.0.0").withComponent(FailingComponent.class).jar());
        awaitTold("bundle failing 1.0.0 is ACTIVE: component FailingComponent failed");
        JsonObject failed = listed("failing");
        assertEquals("ACTIVE", failed.getString("state"));
        assertEquals(
                List.of("component FailingComponent failed: there is no camera here"),
                strings(failed.getJsonArray("missing")));

        awaitCaution("bundle lacking 1.0.0");
        awaitCaution("bundle failing 1.0.0");
        assertEquals(1, toldOnConsole("bundle lacking 1.0.0"), node.console());
        assertEquals(1, toldOnConsole("bundle failing 1.0.0 is ACTIVE"), node.console());
        assertEquals(
                1,
                node.warnings().stream()
                        .filter(line -> line.contains("bundle lacking 1.0.0"))
                        .count());
        Files.delete(lacking);
        Files.delete(failing);
        awaitGone("lacking");
        awaitGone("failing");
    }

    @Test
    void aBundleOfTheNodesOwnNameStandsInForItUntilItIsRemoved() throws IOException {
        assertEquals("node", bundle(CODEC).orElseThrow().getString("origin"));
        Path file = Files.copy(
                Distribution.GPL.directory().resolve("bundles/" + CODEC + ".jar"), deploy.resolve("codec.jar"));
        Await.that("it stands in", () -> bundle(CODEC)
                .filter(bundle -> bundle.getString("origin").equals("deploy, in place of the node's own"))
                .filter(bundle -> bundle.getString("state").equals("ACTIVE"))
                .isPresent());
        assertEquals(file.toString(), bundle(CODEC).orElseThrow().getString("file"));
        node.awaitReady();
        Files.delete(file);
        Await.that("its own again", () -> bundle(CODEC)
                .filter(bundle -> bundle.getString("origin").equals("node"))
                .filter(bundle -> bundle.getString("state").equals("ACTIVE"))
                .isPresent());
        awaitTold("is the node's own again");
        node.awaitReady();
    }

    @Test
    void anUpdateOfTheNodesOwnByCommandIsThereAfterARestart() throws IOException {
        Path data = folder.resolve("restarted");
        Path kept = data.resolve("deploy/" + CODEC + ".jar");
        Path next = Distribution.GPL.directory().resolve("bundles/" + CODEC + ".jar");
        try (NodeProcess first = NodeProcess.run(Distribution.GPL, data, "orchestrator").awaitReady()) {
            Finished updated = first.command("bundles", "update", CODEC, next.toString());
            assertEquals(0, updated.exitCode(), updated.said());
            assertTrue(updated.said().endsWith("; " + kept + " keeps it for the next start\n"), updated.said());
        }
        Files.write(
                data.resolve("deploy/lacking.jar"),
                new SmallBundle("lacking", "1.0.0").with("Import-Package", "org.example.gone").jar());
        try (NodeProcess second = NodeProcess.run(Distribution.GPL, data, "orchestrator").awaitReady()) {
            String told = "put in place of the node's own from " + kept;
            Await.that(
                    "it stands in again",
                    () -> second.console().lines().filter(line -> line.contains(told)).count() == 2);
            second.awaitReady();
            Await.that("told", () -> second.console().contains("bundle lacking 1.0.0 is INSTALLED"));
            assertEquals(1, second.console().lines().filter(line -> line.contains("org.example.gone")).count());
            assertTrue(!second.console().contains("Exception"), second.console());
        }
    }

    @Test
    void whatTheNodeRunsOnIsNotReplaced() throws IOException {
        Path file = drop("api.jar", new SmallBundle("io.millrace.api", "9.0.0").jar());
        awaitTold(file + " is io.millrace.api, which a running node cannot do without");
        Finished stop = node.command("bundles", "stop", "io.millrace.ops");
        assertEquals(1, stop.exitCode());
        assertTrue(stop.said().contains("io.millrace.ops answers this very command"), stop.said());
        Files.delete(file);
    }

    @Test
    void aBundleIsUpdatedStoppedAndStartedByCommand() throws IOException {
        Path file = drop("handled.jar", new SmallBundle("handled", "1.0.0").jar());
        await("handled", "1.0.0", "ACTIVE");
        Path next = Files.write(folder.resolve("handled-2.jar"), new SmallBundle("handled", "2.0.0").jar());
        assertEquals(
                new Finished(0, "handled 2.0.0 is ACTIVE; " + file + " keeps it for the next start\n"),
                node.command("bundles", "update", "handled", next.toString()));
        assertEquals(
                new Finished(0, "handled 2.0.0 is RESOLVED, until it is started or the node is\n"),
                node.command("bundles", "stop", "handled"));
        assertEquals(new Finished(0, "handled 2.0.0 is ACTIVE\n"), node.command("bundles", "start", "handled"));
        assertEquals(new Finished(0, "handled 2.0.0 is ACTIVE\n"), node.command("bundles", "update", "handled"));

        Path lacking = Files.write(
                folder.resolve("handled-3.jar"),
                new SmallBundle("handled", "3.0.0").with("Import-Package", "org.example.gone").jar());
        Finished back = node.command("bundles", "update", "handled", lacking.toString());
        assertEquals(1, back.exitCode(), back.said());
        assertTrue(
                back.said().endsWith(
                        "3.0.0 does not run: it lacks package org.example.gone; 2.0.0 of " + file + " runs again\n"),
                back.said());
        await("handled", "2.0.0", "ACTIVE");

        Finished other = node.command(
                "bundles", "update", "handled",
                Files.write(folder.resolve("other.jar"), new SmallBundle("other", "1.0.0").jar()).toString());
        assertEquals(new Finished(1, "The file is other, not handled\n"), other);
        await("handled", "2.0.0", "ACTIVE");
        Files.delete(file);
        awaitGone("handled");
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearest() {
        Finished unknown = node.command("bundles", "stop", "io.millrace.ffmpg");
        assertEquals(1, unknown.exitCode());
        assertTrue(unknown.said().contains("io.millrace.ffmpg"), unknown.said());
        assertTrue(unknown.said().contains("io.millrace.ffmpeg"), unknown.said());
    }

    @Test
    void bundlesOfAFolderThatIsNoLongerNamedAreWithdrawn() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.write(other.resolve("guest.jar"), new SmallBundle("guest", "1.0.0").jar());
        Path settings = folder.resolve("node/config/io.millrace.ops.deploy.cfg");
        Files.createDirectories(settings.getParent());
        Files.writeString(settings, "folders = ${data}/deploy," + other + "\n");
        await("guest", "1.0.0", "ACTIVE");
        Files.delete(settings);
        awaitGone("guest");
    }
}
