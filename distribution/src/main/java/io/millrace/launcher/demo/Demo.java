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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A gateway and an orchestrator as two processes, a stream through both, and what became of it. */
public final class Demo {

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

    private record Stream(RtmpSender publication, Report report) {}

    private Demo(DistributionFolder home, Path folder) {
        this.home = home;
        this.folder = folder;
    }

    /** Shows it; 0 only when every rendition of every segment arrived. */
    public static int run(DistributionFolder home, List<String> words) throws Exception {
        Options options = Options.parse(words, Set.of("--seconds"), Set.of("--loop"));
        List<String> files = options.rest(1, COMMAND.synopsis());
        int seconds = options.one("--seconds").map(Demo::seconds).orElse(0);
        if (!files.isEmpty() && !Files.isReadable(Path.of(files.getFirst()))) {
            throw new Refused("There is no readable file " + files.getFirst() + ".");
        }
        Demo demo = new Demo(home, temporaryFolder());
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

    private static Path temporaryFolder() {
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
        int service = ports.freeNear(8935);
        int http = ports.freeNear(9935);
        int rtmp = ports.freeNear(1935);
        int admin = ports.freeNear(5935);
        String uri = "https://127.0.0.1:" + service;
        System.out.println("Starting an orchestrator and a gateway");
        try (ChildNode orchestrator = node(
                        "orchestrator",
                        "io.millrace.http~service.address=127.0.0.1:" + service,
                        "io.millrace.http~admin.address=127.0.0.1:" + ports.freeNear(7935));
                ChildNode gateway = node(
                        "gateway",
                        "io.millrace.kernel.gateway.orchestrators=" + uri,
                        "io.millrace.kernel.gateway.graceSeconds=1",
                        "io.millrace.media.profiles=" + PROFILES,
                        "io.millrace.http~http.address=127.0.0.1:" + http,
                        "io.millrace.media.rtmp.address=127.0.0.1:" + rtmp,
                        "io.millrace.http~admin.address=127.0.0.1:" + admin)) {
            orchestrator.awaitReady();
            gateway.awaitReady();
            URI page = URI.create("http://127.0.0.1:" + admin + "/");
            System.out.println("Watch it:  " + page.resolve("/player/" + STREAM));
            System.out.println("HLS:       http://127.0.0.1:" + http + "/stream/" + STREAM + ".m3u8");
            RtmpSender publication = new RtmpSender(file, "rtmp://127.0.0.1:" + rtmp + "/" + STREAM);
            Report report = new Report(page, STREAM, System.out);
            running = Optional.of(new Stream(publication, report));
            boolean complete = follow(publication, report, loop, seconds);
            if (seconds == 0) {
                running = Optional.empty();
                System.out.println("The stream has ended; the pages stay until Ctrl-C: " + page);
                Thread.currentThread().join();
            }
            return complete;
        }
    }

    private ChildNode node(String role, String... settings) throws IOException {
        ChildNode node = new ChildNode(home, role, folder.resolve(role), List.of(settings));
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
