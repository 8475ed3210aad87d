package io.millrace.launcher;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Takes a node out of service: it accepts nothing new, and stops when its streams have ended. */
final class DrainCommand {

    static final Command COMMAND = new Command(
            "drain",
            "[--limit SECONDS] [--wait] [--data DIR]",
            "Take nothing new, let streams end by themselves, then stop",
            """
            New streams and sessions are refused at once and go elsewhere; those that run go on until they
            end, for SECONDS at most (default: letEndSeconds of io.millrace.ops). What runs then is
            ended as 'millrace stop' does it. There is no way back: start the node again.
            --wait returns when the node has stopped.
            """,
            DrainCommand::run);

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** What the end of a drained node may take beyond its limits. */
    private static final Duration STOPPING = Duration.ofSeconds(60);

    private DrainCommand() {}

    private static int run(DistributionFolder home, List<String> words) throws InterruptedException {
        Options options = Options.parse(words, Set.of("--data", "--limit"), Set.of("--wait"));
        options.rest(0, COMMAND.synopsis());
        Optional<Integer> limit = options.one("--limit").map(DrainCommand::seconds);
        DataFolder data = DataFolder.of(home, options);
        AdminClient node = AdminClient.of(data);
        Optional<ProcessHandle> process = data.process();
        System.out.println(node.send(
                "POST", "/api/node/drain" + limit.map(seconds -> "?limitSeconds=" + seconds).orElse("")));
        return !options.has("--wait") || process.isEmpty() ? 0 : await(data, process.get());
    }

    private static int seconds(String text) {
        try {
            int seconds = Integer.parseInt(text);
            if (seconds >= 0) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Refused("--limit takes a number of seconds, not '" + text + "'.");
    }

    private static int await(DataFolder data, ProcessHandle process) throws InterruptedException {
        String said = "";
        long silentSince = System.nanoTime();
        while (true) {
            try {
                process.onExit().get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                System.out.println("stopped");
                return 0;
            } catch (TimeoutException e) {
                Optional<JsonObject> status = data.status();
                String now = status.map(DrainCommand::left).orElse(said);
                if (!now.equals(said)) {
                    System.out.println(now);
                    said = now;
                }
                // Where a status is written the node keeps its own limits.
                silentSince = status.isPresent() ? System.nanoTime() : silentSince;
                if (System.nanoTime() - silentSince > STOPPING.toNanos()) {
                    System.err.println("Process " + process.pid() + " has not stopped. Logs: " + data.logs());
                    return 1;
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String left(JsonObject status) {
        return "running: streams " + status.getInt("streams", 0) + ", sessions " + status.getInt("sessions", 0);
    }
}
