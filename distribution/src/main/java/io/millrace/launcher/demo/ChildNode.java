package io.millrace.launcher.demo;

import io.millrace.launcher.DataFolder;
import io.millrace.launcher.DistributionFolder;
import io.millrace.launcher.NodeCommands;
import io.millrace.launcher.Refused;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own, ended with this one. */
final class ChildNode implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final long STOP_SECONDS = 30;
    private static final long KILL_MILLIS = 300;

    private final String role;
    private final DataFolder data;
    private final Path console;
    private final Process process;

    ChildNode(DistributionFolder home, String role, Path directory, List<String> settings) throws IOException {
        this.role = role;
        data = new DataFolder(directory);
        data.create();
        console = data.logs().resolve("console.log");
        List<String> command = new ArrayList<>(List.of(
                home.directory().resolve("bin/millrace").toString(), "run", role, "--data", directory.toString()));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(console.toFile())
                .start();
    }

    /** Waits until the node is ready, and returns its status. */
    JsonObject awaitReady() throws InterruptedException {
        return awaitReady(START_LIMIT);
    }

    /** Waits no longer than that. */
    JsonObject awaitReady(Duration limit) throws InterruptedException {
        return NodeCommands.awaitReady(data, process, limit)
                .orElseThrow(() -> new Refused("The " + role + " did not become ready. It said:"
                        + System.lineSeparator() + said() + System.lineSeparator() + "Its logs: " + data.logs()));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it at once, whatever it does; nothing of it is needed any more. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits a moment for that, so that its files can be deleted. */
    void awaitEnd() {
        try {
            process.waitFor(KILL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String said() {
        try {
            return Files.readString(console).strip();
        } catch (IOException e) {
            return "nothing";
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
