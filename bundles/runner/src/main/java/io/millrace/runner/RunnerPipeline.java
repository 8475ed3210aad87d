package io.millrace.runner;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.Reservation;
import io.millrace.api.job.JobSpec;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capabilities.Model;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Price;
import io.millrace.api.value.Registration;
import io.millrace.api.value.SessionId;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runners of one file. {@link #look} reads the file again when it has changed and asks each runner how it is; what it
 * says is offered then. A runner that the file no longer names gets no more jobs, and those that it has go on. Thread-safe.
 */
final class RunnerPipeline implements Pipeline, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunnerPipeline.class);

    /** How long a connection may take to come about. */
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** The longest file; no list of models comes near. */
    private static final long MAX_FILE = 4 << 20;

    private final Optional<Path> file;
    private final long pixelsPerUnit;
    private final Duration patience;
    private final Budget heap;
    private final InstantSource clock;
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private final HttpClient web = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();
    private volatile List<Runner> runners = List.of();
    private volatile String trouble = "";
    private String read = "";

    /**
     * Those that {@code file} names; none is asked before {@link #look}.
     *
     * @param pixelsPerUnit what a price of the file is for where it does not say
     * @param patience for what a runner says of itself
     * @param heap what its answers are charged to
     */
    RunnerPipeline(Optional<Path> file, long pixelsPerUnit, Duration patience, Budget heap, InstantSource clock) {
        this.file = file;
        this.pixelsPerUnit = pixelsPerUnit;
        this.patience = patience;
        this.heap = heap;
        this.clock = clock;
    }

    /** Reads the file again if it has changed, and asks each runner how it is, all at once. */
    void look() {
        if (file.isPresent() && reread(file.get())) {
            changed();
        }
        List<Thread> asking = runners.stream()
                .map(each -> Thread.ofVirtual().start(() -> {
                    if (each.look()) {
                        changed();
                    }
                }))
                .toList();
        Deadline until = Deadline.in(patience.multipliedBy(2), clock);
        try {
            for (Thread each : asking) {
                // one whose answer does not end keeps nobody else from being asked again
                if (!each.join(until.remaining(clock))) {
                    each.interrupt();
                    each.join();
                }
            }
        } catch (InterruptedException e) {
            asking.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean reread(Path path) {
        String text;
        try {
            if (Files.size(path) > MAX_FILE) {
                throw new IOException("it is over " + MAX_FILE + " bytes");
            }
            text = Files.readString(path);
        } catch (IOException e) {
            return troubled("cannot be read: " + e);
        }
        if (text.equals(read)) {
            return false;
        }
        List<ModelsFile.Model> models;
        try {
            models = ModelsFile.read(text, pixelsPerUnit);
        } catch (IllegalArgumentException e) {
            return troubled("is not used: " + e.getMessage());
        }
        read = text;
        trouble = "";
        // one that stays keeps its jobs and what is known of it, whatever else the file says of it now
        Map<String, Runner> known =
                runners.stream().collect(Collectors.toMap(one -> one.model().toString(), one -> one));
        known.keySet().retainAll(models.stream().map(ModelsFile.Model::toString).toList());
        runners = models.stream()
                .map(model -> known.computeIfAbsent(model.toString(), key -> new Runner(model, patience, web)))
                .toList();
        for (int i = 0; i < models.size(); i++) {
            runners.get(i).change(models.get(i));
        }
        LOG.info("{} models are named in {}", models.size(), path);
        return true;
    }

    /** What was read before holds. Said once for as long as it is the same. */
    private boolean troubled(String what) {
        String line = "the file of the models, " + file.orElseThrow() + ", " + what;
        if (!line.equals(trouble)) {
            trouble = line;
            LOG.error("{}; {}", line, runners.isEmpty() ? "no models are offered" : "the models named before stay");
        }
        return false;
    }

    private void changed() {
        watchers.forEach(Runnable::run);
    }

    @Override
    public String name() {
        return "runner";
    }

    @Override
    public Capabilities capabilities() {
        Map<Integer, Map<String, Model>> models = new TreeMap<>();
        for (Runner each : runners) {
            if (each.isReady()) {
                models.computeIfAbsent(each.model().capability(), key -> new TreeMap<>())
                        .merge(each.model().name(), said(each), RunnerPipeline::together);
            }
        }
        return Capabilities.of(models.keySet()).withCapacity(1).withModels(models);
    }

    /** As in go-livepeer, the capacity that is told is what is free. */
    private static Model said(Runner runner) {
        return new Model(runner.model().warm(), runner.free(), runner.version(), 0);
    }

    /** Of several versions the lowest is told, which all satisfy. */
    private static Model together(Model one, Model other) {
        String version = lower(one.runnerVersion(), other.runnerVersion());
        return new Model(one.warm() || other.warm(), one.capacity() + other.capacity(), version, 0);
    }

    /** What is no version satisfies nobody, like none. */
    private static String lower(String one, String other) {
        try {
            return Version.parse(one).compareTo(Version.parse(other)) <= 0 ? one : other;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    @Override
    public Map<Integer, Map<String, Price>> prices() {
        Map<Integer, Map<String, Price>> prices = new TreeMap<>();
        for (Runner each : runners) {
            each.model().price().ifPresent(price -> prices.computeIfAbsent(
                            each.model().capability(), key -> new TreeMap<>())
                    .merge(each.model().name(), price, RunnerPipeline::lower));
        }
        return prices;
    }

    private static Price lower(Price one, Price other) {
        return one.perUnit().compareTo(other.perUnit()) <= 0 ? one : other;
    }

    @Override
    public Registration watch(Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }

    @Override
    public String detail() {
        String each = runners.stream().map(Runner::said).collect(Collectors.joining("; "));
        return trouble.isEmpty() ? each : trouble + (each.isEmpty() ? "" : "; " + each);
    }

    /** At the one that has most places free. */
    @Override
    public Reservation reserve(SessionId session, JobSpec spec) {
        OptionalInt capability = spec.capability();
        List<Runner> fit = runners.stream()
                .filter(each -> capability.isPresent()
                        && each.model().capability() == capability.getAsInt()
                        && each.model().name().equals(spec.model()))
                .sorted(Comparator.comparingInt(Runner::free).reversed())
                .toList();
        for (Runner each : fit) {
            if (each.take()) {
                changed();
                return new RunnerSession(each, heap, this::changed, clock);
            }
        }
        return new Reservation.Capped("insufficient capacity");
    }

    @Override
    public void close() {
        web.shutdownNow();
    }
}
