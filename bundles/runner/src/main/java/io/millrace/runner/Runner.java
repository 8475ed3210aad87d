package io.millrace.runner;

import io.millrace.runner.ModelsFile.Model;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One model at one runner: whether it is ready, and how many jobs it has. Thread-safe. */
final class Runner {

    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

    private static final int MAX_STATUS = 64 << 10;
    private static final int OK = 200;

    private volatile Model model;
    private final Duration patience;
    private final HttpClient web;
    private int running;
    private boolean ready;
    private boolean asking;
    private String version = "";
    private String said = "it was not asked yet";

    /** With so much {@code patience} for what it says of itself. */
    Runner(Model model, Duration patience, HttpClient web) {
        this.model = model;
        this.patience = patience;
        this.web = web;
    }

    Model model() {
        return model;
    }

    /** The file says something else of it, such as another price; its jobs go on. */
    void change(Model its) {
        model = its;
    }

    // -- how it is

    /** Asks how it is, unless it is being asked; whether that made a difference. */
    boolean look() {
        synchronized (this) {
            if (asking) {
                return false;
            }
            asking = true;
        }
        String state = state();
        boolean isReady = state.equals("OK") || state.equals("IDLE");
        String its = isReady ? itsVersion() : "";
        synchronized (this) {
            asking = false;
            boolean changed = ready != isReady || isReady && !version.equals(its);
            if (changed || !state.equals(said)) {
                LOG.info("The runner of {} is {}: {}", model, isReady ? "ready" : "not ready", state);
            }
            ready = isReady;
            version = its;
            said = state;
            return changed;
        }
    }

    private String state() {
        try {
            HttpResponse<InputStream> response = get("/health");
            try (InputStream body = response.body()) {
                if (response.statusCode() != OK) {
                    return "it answered " + response.statusCode() + " to /health";
                }
                String status = Json.text(Json.value(read(body)), "status");
                return status.isEmpty() ? "its answer to /health has no status" : status;
            }
        } catch (IOException e) {
            return "it does not answer: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        } catch (IllegalArgumentException e) {
            return "its answer to /health is of no use: " + e.getMessage();
        }
    }

    /** Of a runner that says another model's version, or none, no version is known, as in go-livepeer. */
    private String itsVersion() {
        try {
            HttpResponse<InputStream> response = get("/version");
            try (InputStream body = response.body()) {
                JsonValue answer = Json.value(read(body));
                boolean same = response.statusCode() == OK
                        && Json.text(answer, "pipeline").equals(model.pipeline())
                        && Json.text(answer, "model_id").equals(model.name());
                return same ? Json.text(answer, "version") : "";
            }
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
    }

    private static String read(InputStream body) throws IOException {
        return new String(body.readNBytes(MAX_STATUS), StandardCharsets.UTF_8);
    }

    private HttpResponse<InputStream> get(String path) throws IOException {
        return send(request(path).timeout(patience).GET().build());
    }

    // -- its jobs

    /** A place for another job; false when it has none, or is not ready. */
    synchronized boolean take() {
        if (!ready || running >= model.capacity()) {
            return false;
        }
        running++;
        return true;
    }

    /** A job is over. */
    synchronized void giveBack() {
        running--;
    }

    synchronized boolean isReady() {
        return ready;
    }

    synchronized int free() {
        return Math.max(0, model.capacity() - running);
    }

    synchronized String version() {
        return version;
    }

    /** What it said last of itself, for the operator. */
    synchronized String said() {
        return model + ": " + said;
    }

    /** Has it do a job, and waits for the first line of the answer. */
    HttpResponse<InputStream> post(String contentType, byte[] body, Duration limit) throws IOException {
        return send(request("/" + model.pipeline())
                .timeout(limit.isPositive() ? limit : Duration.ofMillis(1))
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(model.url() + path));
        if (!model.token().isEmpty()) {
            request.header("Authorization", "Bearer " + model.token());
        }
        return request;
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return web.send(request, BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
