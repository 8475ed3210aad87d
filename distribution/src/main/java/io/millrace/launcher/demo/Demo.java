package io.millrace.launcher.demo;

import io.millrace.launcher.Command;
import io.millrace.launcher.DataFolder;
import io.millrace.launcher.DistributionFolder;
import io.millrace.launcher.Options;
import io.millrace.launcher.Ports;
import io.millrace.launcher.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A gateway and an orchestrator as two processes, a stream through both, and what became of it. */
public class Demo {

    private static final String STREAM = "demo";
    private static final String PROFILES = "P576p30fps16x9,P360p30fps16x9,P240p30fps16x9";

    /** Shows it. */
    public static final Command COMMAND = new Command(
            "demo",
            "[FILE] [--loop] [--seconds N]",
            "A stream through a gateway and an orchestrator, to look at",
            """
            FILE           what to stream, with H.264 video (default: a clip of our own, again and again)
            --loop         again and again
            --seconds N    end after so long; without it the pages stay until Ctrl-C
            A line for each segment says how long its work took, and how many times faster than it plays that is:
            below 1 x real time the machine is too slow.
            """,
            Demo::run);

    private static final long POLL_MILLIS = 250;
    private static final long STOP_NOTICE_MILLIS = 500;
    private static final long END_LIMIT_NANOS = 60_000_000_000L;

    private final DistributionFolder home;
    private final Path folder;
    private final Ports ports = new Ports();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<ChildNode> nodes = new CopyOnWriteArrayList<>();
    private volatile Optional<Stream> running = Optional.empty();
    private boolean tidied;

    /** Where the gateway is: its pages, its HLS and its RTMP. */
    record Started(URI page, String http, String rtmp) {}

    private record Stream(RtmpSender publication, Report report) {}

    Demo(DistributionFolder home, Path folder) {
        this.home = home;
        this.folder = folder;
    }

    /** Shows it; 0 only when every rendition of every segment arrived. */
    public static int run(DistributionFolder home, List<String> words) throws Exception {
        return run(new Demo(home, temporaryFolder()), words);
    }

    static int run(Demo demo, List<String> words) throws Exception {
        Options options = Options.parse(words, Set.of("--seconds"), Set.of("--loop"));
        List<String> files = options.rest(1, COMMAND.synopsis());
        int seconds = options.one("--seconds").map(Demo::seconds).orElse(0);
        if (!files.isEmpty() && !Files.isReadable(Path.of(files.getFirst()))) {
            throw new Refused("There is no readable file " + files.getFirst() + ".");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "demo-stop"));
        boolean complete = false;
        try {
            Path file = files.isEmpty() ? demo.clip() : Path.of(files.getFirst()).toAbsolutePath();
            // A clip of our own is played for as long as somebody watches.
            complete = demo.show(file, options.has("--loop") || files.isEmpty(), seconds);
        } catch (Refused e) {
            demo.awaitStop();
            throw e;
        } catch (IOException e) {
            demo.awaitStop();
            throw Refused.failed("A node of the demo does not answer (" + e.getMessage() + ").");
        } finally {
            demo.tidy(complete);
        }
        return complete ? 0 : 1;
    }

    /** Ctrl-C and SIGTERM: no work is worth a second of waiting. */
    private void stop() {
        stopping.countDown();
        synchronized (this) {
            if (tidied) {
                return;
            }
            tidied = true;
            FfmpegCalls.silent();
            nodes.forEach(ChildNode::kill);
            System.out.println();
            running.ifPresent(stream -> stream.report().stopped(stream.publication().played()));
            nodes.forEach(ChildNode::awaitEnd);
            try {
                new DataFolder(folder).delete();
            } catch (UncheckedIOException e) {
                System.out.println("Left behind: " + folder);
            }
        }
    }

    /** A node that ends with Ctrl-C does not answer before this process knows of it. */
    private void awaitStop() throws InterruptedException {
        if (stopping.await(STOP_NOTICE_MILLIS, TimeUnit.MILLISECONDS)) {
            Thread.currentThread().join();
        }
    }

    private synchronized void tidy(boolean complete) {
        if (!tidied) {
            tidied = true;
            if (complete) {
                new DataFolder(folder).delete();
            } else {
                System.out.println("Logs: " + folder);
            }
        }
    }

    private static int seconds(String text) {
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new Refused("--seconds takes a number of seconds above zero, not '" + text + "'.");
        }
        return Integer.parseInt(text);
    }

    static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("millrace-demo-");
        } catch (IOException e) {
            throw new Refused("No temporary folder can be made (" + e.getMessage() + "). Free some space.");
        }
    }

    private Path clip() throws IOException {
        System.out.println("Making a clip: 720p, a moving picture with a clock, a tone (some seconds)");
        Path clip = folder.resolve("clip.flv");
        Clip.make(clip);
        return clip;
    }

    private boolean show(Path file, boolean loop, int seconds) throws Exception {
        try {
            Started started = start();
            System.out.println("Watch it:  " + started.page().resolve("/player/" + STREAM));
            System.out.println("HLS:       " + started.http() + "/stream/" + STREAM + ".m3u8");
            RtmpSender publication = new RtmpSender(file, started.rtmp() + "/" + STREAM);
            Report report = new Report(started.page(), STREAM, System.out);
            running = Optional.of(new Stream(publication, report));
            boolean complete = follow(publication, report, loop, seconds);
            if (seconds == 0) {
                running = Optional.empty();
                System.out.println("The stream has ended; the pages stay until Ctrl-C: " + started.page());
                Thread.currentThread().join();
            }
            return end() && complete;
        } finally {
            nodes.reversed().forEach(ChildNode::close);
        }
    }

    /** Starts the nodes and waits until they are ready. */
    Started start() throws IOException, InterruptedException {
        String uri = "https://127.0.0.1:" + ports.freeNear(8935);
        System.out.println("Starting an orchestrator and a gateway");
        ChildNode orchestrator = node("orchestrator", "orchestrator", orchestrator(uri));
        return gateway("gateway", List.of(uri), List.of(orchestrator), List.of());
    }

    /** What comes after the stream; whether all is well. */
    boolean end() throws IOException, InterruptedException {
        return true;
    }

    /** Settings of an orchestrator. */
    final List<String> orchestrator(String uri) {
        return List.of(
                "io.millrace.http~service.address=" + URI.create(uri).getAuthority(),
                "io.millrace.http~admin.address=127.0.0.1:" + ports.freeNear(7935));
    }

    /** Starts a gateway beside orchestrators that are starting, and waits for all of them. */
    final Started gateway(String role, List<String> uris, List<ChildNode> orchestrators, List<String> more)
            throws IOException, InterruptedException {
        String http = "127.0.0.1:" + ports.freeNear(9935);
        String rtmp = "127.0.0.1:" + ports.freeNear(1935);
        List<String> settings = new ArrayList<>(List.of(
                "io.millrace.kernel.gateway.orchestrators=" + String.join(",", uris),
                "io.millrace.kernel.gateway.graceSeconds=1",
                "io.millrace.media.profiles=" + PROFILES,
                "io.millrace.http~http.address=" + http,
                "io.millrace.media.rtmp.address=" + rtmp,
                "io.millrace.http~admin.address=127.0.0.1:" + ports.freeNear(5935)));
        settings.addAll(more);
        ChildNode gateway = node("gateway", role, settings);
        for (ChildNode orchestrator : orchestrators) {
            orchestrator.awaitReady();
        }
        return new Started(admin(gateway), "http://" + http, "rtmp://" + rtmp);
    }

    /** The address of a node's pages, once it is ready. */
    static URI admin(ChildNode node) throws InterruptedException {
        return URI.create(node.awaitReady().getJsonObject("addresses").getString("admin")).resolve("/");
    }

    final Ports ports() {
        return ports;
    }

    final DistributionFolder home() {
        return home;
    }

    /** Where the nodes' data folders are, by their names. */
    final Path folder() {
        return folder;
    }

    /** Starts a node, which is ended with this process. */
    final ChildNode node(String name, String role, List<String> settings) throws IOException {
        ChildNode node = new ChildNode(home, role, folder.resolve(name), settings);
        nodes.add(node);
        return node;
    }

    private boolean follow(RtmpSender publication, Report report, boolean loop, int seconds)
            throws Exception {
        CompletableFuture<Void> published = CompletableFuture.runAsync(() -> {
            try (publication) {
                publication.run(loop, seconds);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        while (!published.isDone()) {
            report.update();
            Thread.sleep(POLL_MILLIS);
        }
        try {
            published.join();
        } catch (CompletionException e) {
            if (stopping.getCount() > 0) {
                System.out.println(e.getCause().getMessage());
            }
        }
        long end = System.nanoTime() + END_LIMIT_NANOS;
        while (report.update() && System.nanoTime() < end) {
            Thread.sleep(POLL_MILLIS);
        }
        return report.summary(publication.played()) && !published.isCompletedExceptionally();
    }
}
