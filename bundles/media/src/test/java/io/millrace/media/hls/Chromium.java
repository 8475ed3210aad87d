package io.millrace.media.hls;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A headless Chromium with one page, driven through its DevTools protocol. It reaches nothing but the loopback. */
final class Chromium implements AutoCloseable {

    private static final List<String> COMMANDS =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ENDPOINT = "DevTools listening on ";

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<JsonObject>> calls = new ConcurrentHashMap<>();
    private final AtomicInteger lastCall = new AtomicInteger();
    private final WebSocket page;

    private Chromium(Process process) throws Exception {
        this.process = process;
        URI endpoint;
        try (var log = process.errorReader()) {
            endpoint = URI.create(log.lines()
                    .filter(line -> line.startsWith(ENDPOINT))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the browser has ended before it began"))
                    .substring(ENDPOINT.length()));
        }
        URI list = URI.create("http://" + endpoint.getAuthority() + "/json/list");
        String targets =
                client.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString()).body();
        URI socket = Json.createReader(new StringReader(targets)).readArray().getValuesAs(JsonObject.class).stream()
                .filter(target -> target.getString("type").equals("page"))
                .map(target -> URI.create(target.getString("webSocketDebuggerUrl")))
                .findFirst()
                .orElseThrow();
        page = client.newWebSocketBuilder().buildAsync(socket, new Answers()).join();
    }

    /**
     * Starts it, where it is. Where it is not, the test fails when the environment says {@code CI=true}, since there it
     * must be; elsewhere the test is left out, and the error output says so.
     */
    static Chromium start(Path profile) throws Exception {
        Optional<String> command = COMMANDS.stream().filter(Chromium::isThere).findFirst();
        if (command.isEmpty()) {
            String text = "there is no Chromium on the path of this machine; install chromium";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(text);
            }
            System.err.println("A test is LEFT OUT: " + text);
            Assumptions.abort(text);
        }
        return new Chromium(new ProcessBuilder(
                        command.get(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--no-first-run",
                        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                        "--autoplay-policy=no-user-gesture-required",
                        "--window-size=1280,900",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    private static boolean isThere(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** Opens a page and waits until it is loaded. */
    void open(URI address) {
        call("Page.navigate", Json.createObjectBuilder().add("url", address.toString()).build());
        await("location.href === '" + address + "' && document.readyState === 'complete'", PATIENCE);
    }

    /** What an expression is worth in the page; a promise is awaited. */
    JsonValue evaluate(String expression) {
        JsonObject answer = call(
                "Runtime.evaluate",
                Json.createObjectBuilder()
                        .add("expression", expression)
                        .add("awaitPromise", true)
                        .add("returnByValue", true)
                        .build());
        if (answer.containsKey("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer);
        }
        return answer.getJsonObject("result").getOrDefault("value", JsonValue.NULL);
    }

    /** The same as a number. */
    double number(String expression) {
        return Double.parseDouble(evaluate("Number(" + expression + ")").toString());
    }

    /** Waits in the page until a condition holds. */
    void await(String condition, Duration atMost) {
        JsonValue held = evaluate("""
                new Promise(done => {
                  const end = performance.now() + %d;
                  const look = () => {
                    if (%s) done(true);
                    else if (performance.now() > end) done(false);
                    else setTimeout(look, 20);
                  };
                  look();
                })""".formatted(atMost.toMillis(), condition));
        if (held != JsonValue.TRUE) {
            throw new AssertionError("not within " + atMost + ": " + condition + "; " + evaluate("window.report?.()"));
        }
    }

    /** A picture of the page. */
    void screenshot(Path file) throws IOException {
        String data = call("Page.captureScreenshot", JsonValue.EMPTY_JSON_OBJECT).getString("data");
        Files.write(file, Base64.getDecoder().decode(data));
    }

    private JsonObject call(String method, JsonObject parameters) {
        int number = lastCall.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        calls.put(number, answer);
        page.sendText(
                        Json.createObjectBuilder()
                                .add("id", number)
                                .add("method", method)
                                .add("params", parameters)
                                .build()
                                .toString(),
                        true)
                .join();
        JsonObject whole = answer.orTimeout(5, TimeUnit.MINUTES).join();
        if (whole.containsKey("error")) {
            throw new AssertionError(method + ": " + whole.get("error"));
        }
        return whole.getJsonObject("result");
    }

    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        try {
            call("Browser.close", JsonValue.EMPTY_JSON_OBJECT);
            ended(all);
        } catch (CompletionException unwilling) {
            all.forEach(ProcessHandle::destroyForcibly);
            ended(all);
        }
        page.abort();
        client.shutdownNow();
    }

    private static void ended(List<ProcessHandle> all) {
        all.forEach(one -> one.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    private final class Answers implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonObject message =
                        Json.createReader(new StringReader(text.toString())).readObject();
                text.setLength(0);
                CompletableFuture<JsonObject> waiting =
                        message.containsKey("id") ? calls.remove(message.getInt("id")) : null;
                if (waiting != null) {
                    waiting.complete(message);
                }
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            calls.values().forEach(call -> call.completeExceptionally(new IOException("the browser has ended")));
            return null;
        }
    }
}
