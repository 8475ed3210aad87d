package io.millrace.launcher;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleException;

/** Run, start and stop of one node. */
public final class NodeCommands {

    private static final Set<String> RUN_OPTIONS = Set.of("--data", "--set", "--log");

    private static final String SETTINGS =
            """
            --data DIR             folder of the node's state (default: data/ in the distribution)
            --set PID.key=value    a setting of this run, as often as needed; over the files in config/
            """;

    static final Command RUN = new Command(
            "run", "ROLE [--data DIR] [--set PID.key=value ...]", "A node in this terminal", SETTINGS, NodeCommands::run);
    static final Command START = new Command(
            "start",
            "ROLE [--data DIR] [--set PID.key=value ...]",
            "A node in the background",
            SETTINGS + "Returns when the node is ready, or says why it is not.\n",
            NodeCommands::start);
    static final Command STOP = new Command(
            "stop",
            "[--data DIR]",
            "Finish what is in work, then stop",
            "Streams are ended; 'millrace drain' lets them end by themselves.\n",
            NodeCommands::stop);
    static final Command PREPARE = new Command(
            "prepare",
            "",
            "Make starts on this machine faster, once; some seconds",
            "Runs a node for a moment and records what it loads, in lib/, for this JDK and these jars.\n",
            NodeCommands::prepare);

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;
    private static final int WARM_UP_SEGMENTS = 60;

    private NodeCommands() {}

    static int run(DistributionFolder home, List<String> words) throws Exception {
        Options options = Options.parse(words, RUN_OPTIONS, Set.of());
        Settings settings = settings(home, options, RUN);
        return run(home, DataFolder.of(home, options), Feature.read(home, role(home, options, RUN)), settings);
    }

    private static String role(DistributionFolder home, Options options, Command command) {
        List<String> roles = options.rest(1, command.synopsis());
        if (roles.isEmpty()) {
            throw new Refused("Which role? " + String.join(", ", home.roles()) + ". Usage: " + command.synopsis());
        }
        return roles.getFirst();
    }

    private static Settings settings(DistributionFolder home, Options options, Command command) {
        return settings(home, DataFolder.of(home, options), Feature.read(home, role(home, options, command)), options);
    }

    /** The settings of a run with these options. */
    public static Settings settings(DistributionFolder home, DataFolder data, Feature feature, Options options) {
        Settings settings = new Settings(feature, home, data.directory());
        settings.withFiles();
        options.all("--set").forEach(settings::set);
        return settings;
    }

    /** Runs a node in this process until it is told to stop. */
    public static int run(DistributionFolder home, DataFolder data, Feature feature, Settings settings)
            throws BundleException, InterruptedException {
        settings.check();
        data.create();
        data.claim();
        Ports.check(settings.resolved());
        PasswordCommand.first(data);
        RunningNode node = RunningNode.start(home, data, feature, data.write(settings));
        Runtime.getRuntime().addShutdownHook(new Thread(node::stop, "stop"));
        node.await();
        return 0;
    }

    /**
     * Starts both roles once, on ports that nobody knows, does some work and stops: the JVM that does it
     * records what it loaded and ran most, and later starts take it from there.
     */
    static int prepare(DistributionFolder home, List<String> words) throws Exception {
        Options.parse(words, Set.of(), Set.of()).rest(0, PREPARE.synopsis());
        DataFolder data = new DataFolder(Files.createTempDirectory("millrace-prepare-"));
        data.create();
        data.claim();
        Feature feature = Feature.read(home, "combined");
        Settings settings = new Settings(feature, home, data.directory());
        for (String socket : List.of(
                "io.millrace.http~http", "io.millrace.http~service", "io.millrace.http~admin", "io.millrace.media.rtmp")) {
            settings.put(socket, "address", "127.0.0.1:0");
        }
        String service = "127.0.0.1:" + new Ports().freeNear(0);
        settings.put("io.millrace.http~service", "address", service);
        settings.put("io.millrace.kernel.gateway", "orchestrators", "https://" + service);
        settings.check();
        RunningNode node = RunningNode.start(home, data, feature, data.write(settings));
        Optional<JsonObject> ready = awaitReady(data, START_LIMIT, () -> {
            Thread.sleep(POLL_MILLIS);
            return false;
        });
        boolean played = ready.isPresent()
                && new WarmUpStream(URI.create(ready.get().getJsonObject("addresses").getString("http")))
                        .play(WARM_UP_SEGMENTS);
        node.stop();
        data.delete();
        return played ? 0 : 1;
    }

    static int start(DistributionFolder home, List<String> words) throws IOException, InterruptedException {
        Options options = Options.parse(words, RUN_OPTIONS, Set.of());
        Settings settings = settings(home, options, START);
        settings.check();
        DataFolder data = DataFolder.of(home, options);
        data.create();
        data.process().ifPresent(running -> {
            throw Refused.failed("A node (process " + running.pid() + ") already runs on " + data.directory() + ".");
        });
        Ports.check(settings.resolved());
        // Here, where somebody reads it, rather than in the log of the process.
        PasswordCommand.first(data);
        List<String> command = new ArrayList<>();
        command.add(home.directory().resolve("bin/millrace").toString());
        command.add("run");
        command.addAll(words);
        command.addAll(List.of("--data", data.directory().toString()));
        Path console = data.logs().resolve("console.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(console.toFile())
                .start();
        Optional<JsonObject> ready = awaitReady(data, process, START_LIMIT);
        if (ready.isPresent()) {
            System.out.println(StatusCommand.place(ready.get()));
            return 0;
        }
        System.err.println(Files.readString(console).strip());
        System.err.println(
                process.isAlive()
                        ? "The node is not ready after " + START_LIMIT.toSeconds() + " s; it goes on trying. Logs: "
                                + data.logs()
                        : "The node did not start. Logs: " + data.logs());
        return 1;
    }

    /** Waits until a node that was started says that it is ready; empty when it ended or is late. */
    public static Optional<JsonObject> awaitReady(DataFolder data, Process process, Duration limit)
            throws InterruptedException {
        return awaitReady(data, limit, () -> process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Lets a moment pass and tells whether the node has ended meanwhile. */
    private interface Pause {
        boolean ended() throws InterruptedException;
    }

    private static Optional<JsonObject> awaitReady(DataFolder data, Duration limit, Pause pause)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Optional<JsonObject> ready = Optional.empty();
        while (ready.isEmpty() && System.nanoTime() < end) {
            ready = data.status().filter(json -> json.getBoolean("ready", false));
            if (ready.isEmpty() && pause.ended()) {
                break;
            }
        }
        return ready;
    }

    static int stop(DistributionFolder home, List<String> words) throws InterruptedException {
        Options options = Options.parse(words, Set.of("--data"), Set.of());
        options.rest(0, STOP.synopsis());
        DataFolder data = DataFolder.of(home, options);
        Optional<ProcessHandle> process = data.process();
        if (process.isEmpty()) {
            System.err.println("No node runs on " + data.directory() + ".");
            return 1;
        }
        process.get().destroy();
        try {
            process.get().onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
            System.out.println("stopped");
            return 0;
        } catch (java.util.concurrent.TimeoutException e) {
            System.err.println("Process " + process.get().pid() + " has not stopped after "
                    + STOP_LIMIT.toSeconds() + " s; it still finishes work. Logs: " + data.logs());
            return 1;
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
