package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.itests.job.JobClient;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The way of a pipeline's author, as docs/write-a-pipeline.md tells it. */
@Tag("long")
class AuthorIT {

    private static final int CALLERS = 20;
    private static final String NAME = "word-turn";
    private static final String BUNDLE = "org.acme.wordturn";
    private static final String CODE = "src/main/java/org/acme/wordturn/WordTurnPipeline.java";
    private static final String TEXT = "water over the mill";
    private static final String FIRST = "mill the over water";
    private static final String SECOND = "mill-the-over-water";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private static Optional<JsonObject> bundle(NodeProcess node) {
        Finished listed = node.command("bundles", "--json");
        assertEquals(0, listed.exitCode(), listed.said());
        try (JsonReader reader = new JsonProviderImpl().createReader(new StringReader(listed.said()))) {
            return reader.readArray().getValuesAs(JsonObject.class).stream()
                    .filter(bundle -> bundle.getString("name").equals(BUNDLE))
                    .findFirst();
        }
    }

    private static void awaitVersion(NodeProcess node, String version) {
        Await.that(version + " of " + BUNDLE + " is active", () -> bundle(node)
                .filter(bundle -> bundle.getString("state").equals("ACTIVE"))
                .filter(bundle -> bundle.getString("version").equals(version))
                .isPresent());
    }

    private static int status(JobClient client) {
        return ask(client).statusCode();
    }

    private static String body(JobClient client) {
        return ask(client).body();
    }

    private static HttpResponse<String> ask(JobClient client) {
        try {
            return client.ask(NAME, TEXT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Test
    void aPipelineIsWrittenBuiltDeployedCalledUpdatedAndRemoved() throws Exception {
        AuthorProject project = AuthorProject.generate(folder.resolve("project"), NAME, BUNDLE);
        Path deploy = folder.resolve("orchestrator/deploy");
        try (NodePair nodes = NodePair.start(folder);
                JobClient client = new JobClient(nodes.http())) {
            assertNotEquals(200, status(client), "nobody offers it yet");
            // Each call is a session, and while the bundle is replaced all callers wait in theirs.
            Finished raised =
                    nodes.orchestrator().command("config", "set", "io.millrace.kernel.orchestrator.maxSessions=100");
            assertEquals(0, raised.exitCode(), raised.said());
            project.deploy(deploy);
            awaitVersion(nodes.orchestrator(), "1.0.0");
            Await.that("an answer", () -> status(client) == 200);
            assertEquals(FIRST, client.ask(NAME, TEXT).body());

            Finished set = nodes.orchestrator().command("config", "set", BUNDLE + ".capitals=true");
            assertEquals(0, set.exitCode(), set.said());
            Await.that("its setting counts", () -> body(client).equals(FIRST.toUpperCase(Locale.ROOT)));
            Finished wrong = nodes.orchestrator().command("config", "set", BUNDLE + ".sessions=0");
            assertEquals(1, wrong.exitCode(), wrong.said());
            assertTrue(wrong.said().contains("1 to 1000"), wrong.said());
            Finished unset = nodes.orchestrator().command("config", "unset", BUNDLE + ".capitals");
            assertEquals(0, unset.exitCode(), unset.said());
            Await.that("its default counts", () -> body(client).equals(FIRST));

            project.edit("pom.xml", "<version>1.0.0</version>", "<version>1.0.1</version>");
            project.edit(CODE, "new StringJoiner(\" \")", "new StringJoiner(\"-\")");
            project.edit(
                    "src/test/java/org/acme/wordturn/WordTurnPipelineTest.java", "\"" + FIRST + "\"", "\"" + SECOND + "\"");
            JobCallers callers = new JobCallers(client, CALLERS, NAME, TEXT);
            try (callers) {
                Await.that("answers of the first version", () -> callers.answered(FIRST) >= CALLERS);
                project.deploy(deploy);
                awaitVersion(nodes.orchestrator(), "1.0.1");
                Await.that("answers of the second version", () -> callers.answered(SECOND) >= 5 * CALLERS);
            }
            System.out.println(callers.answers() + ", failed: " + callers.failures().size());
            assertEquals(List.of(), callers.failures());
            assertEquals(Set.of(FIRST, SECOND), callers.answers().keySet());
            assertEquals(SECOND, client.ask(NAME, TEXT).body());

            project.withdraw(deploy);
            Await.that("it is gone", () -> bundle(nodes.orchestrator()).isEmpty());
            Await.that("nobody offers it any more", () -> status(client) != 200);
            assertTrue(nodes.orchestrator().isAlive());
        }
    }

    /** In one build, which takes half the time of two. */
    @Test
    void aPolicyAndAPublisherHoldToTheirContractsAsTheyAreWritten() throws Exception {
        AuthorProject policy =
                AuthorProject.generate("new-policy", folder.resolve("policy"), "nearest-first", "org.acme.nearest");
        AuthorProject publisher =
                AuthorProject.generate("new-publisher", folder.resolve("publisher"), "cold-archive", "org.acme.cold");
        for (String sources : List.of("src/main/java/org/acme/cold", "src/test/java/org/acme/cold")) {
            Files.move(publisher.directory().resolve(sources), policy.directory().resolve(sources));
        }
        assertTrue(Files.exists(policy.build()));
    }
}
