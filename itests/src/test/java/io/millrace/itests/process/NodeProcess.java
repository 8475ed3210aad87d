package io.millrace.itests.process;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.parsson.JsonProviderImpl;

/** A node in the foreground of a process of its own, stopped with the test. */
final class NodeProcess implements AutoCloseable {

    private final Path data;
    private final Path console;
    private final Process process;

    private NodeProcess(Distribution distribution, Path data, List<String> words) {
        this.data = data;
        this.console = Path.of(data + ".console.txt");
        try {
            process = new ProcessBuilder(distribution.command(words))
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // A set-up that fails half-way closes nothing.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    /** {@code millrace run ROLE} on a data folder, at free ports where the settings do not name one. */
    static NodeProcess run(Distribution distribution, Path data, String role, String... settings) {
        List<String> words = new ArrayList<>(List.of("run", role, "--data", data.toString()));
        List<String> all = new ArrayList<>(List.of("io.millrace.http~admin.address=127.0.0.1:0"));
        if (role.startsWith("orchestrator") || role.startsWith("combined") || role.startsWith("redeemer")) {
            all.add("io.millrace.http~service.address=127.0.0.1:0");
        }
        if (role.startsWith("gateway") || role.startsWith("combined")) {
            all.add("io.millrace.http~http.address=127.0.0.1:0");
            all.add("io.millrace.media.rtmp.address=127.0.0.1:0");
        }
        all.addAll(List.of(settings));
        all.forEach(setting -> words.addAll(List.of("--set", setting)));
        return new NodeProcess(distribution, data, words);
    }

    /** {@code millrace livepeer FLAGS}, with a data folder. */
    static NodeProcess livepeer(Path data, String... flags) {
        List<String> words = new ArrayList<>(List.of("livepeer", "-dataDir", data.toString()));
        words.addAll(List.of(flags));
        return new NodeProcess(Distribution.GPL, data, words);
    }

    /** Waits until the node says that it is ready. */
    NodeProcess awaitReady() {
        Await.that("ready: " + data, () -> status().filter(json -> json.getBoolean("ready")).isPresent());
        return this;
    }

    /** Waits until these sockets are open, though work may not be possible yet. */
    NodeProcess awaitOpen(String... endpoints) {
        Await.that("open: " + data, () -> status()
                .filter(json -> json.getJsonObject("addresses").keySet().containsAll(List.of(endpoints)))
                .isPresent());
        return this;
    }

    /** The status of the node; empty before there is one. */
    Optional<JsonObject> status() {
        if (!process.isAlive()) {
            throw new AssertionError("The node on " + data + " ended with " + process.exitValue() + ":\n" + console());
        }
        Path file = data.resolve("run/status.json");
        try (InputStream in = Files.newInputStream(file);
                JsonReader reader = new JsonProviderImpl().createReader(in)) {
            // A file of an earlier run lies there until this one writes its own.
            return Optional.of(reader.readObject()).filter(json -> json.getInt("pid") == process.pid());
        } catch (NoSuchFileException | JsonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens: {@code http}, {@code rtmp}, {@code service} or {@code admin}. */
    URI address(String endpoint) {
        return URI.create(status().orElseThrow().getJsonObject("addresses").getString(endpoint));
    }

    /** Tells it to stop (SIGTERM) and does not wait. */
    void terminate() {
        process.destroy();
    }

    /** Waits for its end; its exit code. */
    int awaitEnd() {
        try {
            if (!process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("The node on " + data + " does not stop:\n" + console());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends it as the system does when memory is short: nothing is tidied up. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Runs another command of Millrace on this node. */
    Finished command(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", data.toString()));
        return Distribution.GPL.run(all.toArray(String[]::new));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The output of the node, earlier runs on the same data folder included. */
    String console() {
        return read(console);
    }

    /** Its log file. */
    String log() {
        return read(data.resolve("logs/millrace.log"));
    }

    /** Lines of its log that are warnings or errors. */
    List<String> warnings() {
        return log().lines().filter(line -> line.matches("\\S+ \\S+ (WARN|ERROR) .*")).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        terminate();
        awaitEnd();
    }
}
