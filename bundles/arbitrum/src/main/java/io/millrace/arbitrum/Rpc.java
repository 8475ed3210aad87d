package io.millrace.arbitrum;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JSON-RPC over one or more nodes of a chain. A node that fails is passed over for a while, and then asked again. Each
 * call ends by its deadline, and no answer may be longer than {@link #MAX_ANSWER}. Before the first call, and after
 * each failure, a node is asked for its chain id. Thread-safe.
 */
public final class Rpc implements AutoCloseable {

    /** Longest answer, in bytes: logs of many blocks are the longest that are asked for. */
    static final int MAX_ANSWER = 8 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Rpc.class);
    private static final Duration FIRST_REST = Duration.ofSeconds(1);
    private static final Duration LONGEST_REST = Duration.ofSeconds(60);
    private static final int LIMIT_EXCEEDED = -32005;
    private static final int HTTP_OK = 200;

    private final Settings settings;
    private final InstantSource clock;
    private final List<Endpoint> endpoints;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;
    private final AtomicInteger ids = new AtomicInteger();

    /**
     * Which nodes, and how they are asked.
     *
     * @param chainId that all nodes must have; 0 for any, but all the same
     * @param timeout of one call to one node
     * @param crossCheck whether {@link #checked} asks two nodes
     */
    public record Settings(List<URI> urls, long chainId, Duration timeout, boolean crossCheck) {

        /** Checks what can be. */
        public Settings {
            urls = List.copyOf(urls);
            if (urls.isEmpty() || crossCheck && urls.size() < 2) {
                throw new IllegalArgumentException(
                        "urls: " + (urls.isEmpty() ? "one is needed" : "checking answers across nodes takes two"));
            }
        }
    }

    /** One node. Its fields are guarded by itself. */
    private static final class Endpoint {
        private final URI url;
        private final int place;
        private boolean known;
        private int failures;
        private Instant restsUntil = Instant.MIN;

        private Endpoint(URI url, int place) {
            this.url = url;
            this.place = place;
        }

        private synchronized int failures() {
            return failures;
        }

        private synchronized boolean rests(Instant now) {
            return now.isBefore(restsUntil);
        }

        /** Without path and user, which may hold a secret. */
        @Override
        public String toString() {
            return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
        }
    }

    /** A node could not be reached or does not answer as one. */
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    private volatile long chainId;
    private volatile boolean closed;

    /** Connects at the first call. */
    public Rpc(Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.chainId = settings.chainId();
        List<Endpoint> all = new ArrayList<>();
        settings.urls().forEach(url -> all.add(new Endpoint(url, all.size())));
        endpoints = List.copyOf(all);
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout())
                .executor(threads)
                .build();
    }

    /** The chain's id, once a node has answered. */
    long chainId() {
        return chainId;
    }

    /**
     * The answer of one node.
     *
     * @throws RpcError when a node refuses it
     * @throws Fault when no node answers
     */
    public JsonValue call(Deadline deadline, String method, Object... params) throws RpcError {
        return ask(1, deadline, method, params);
    }

    /** The same for what every node must answer in the same way; asks two of them where the settings say so. */
    JsonValue checked(Deadline deadline, String method, Object... params) throws RpcError {
        return ask(settings.crossCheck() ? 2 : 1, deadline, method, params);
    }

    /** Whether {@link #checked} asks two nodes. */
    boolean checks() {
        return settings.crossCheck();
    }

    /** The answers of two nodes to what honest ones may answer differently. */
    List<JsonValue> both(Deadline deadline, String method, Object... params) throws RpcError {
        List<JsonValue> answers = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Endpoint endpoint : inOrder()) {
            try {
                answers.add(askOne(endpoint, deadline, method, params));
                if (answers.size() == 2) {
                    return answers;
                }
            } catch (Unusable e) {
                failures.add(endpoint + ": " + e.getMessage());
            }
        }
        throw new Fault(Fault.Consequence.RETRY_HERE, "fewer than two nodes of the chain answer: " + failures);
    }

    private JsonValue ask(int voices, Deadline deadline, String method, Object... params) throws RpcError {
        JsonValue first = null;
        Endpoint firstNode = null;
        RpcError refused = null;
        List<String> failures = new ArrayList<>();
        for (Endpoint endpoint : inOrder()) {
            if (deadline.expired(clock)) {
                failures.add("no time was left");
                break;
            }
            try {
                JsonValue answer = askOne(endpoint, deadline, method, params);
                if (voices == 1 || first != null && first.equals(answer)) {
                    return answer;
                }
                if (first != null) {
                    throw new Fault(
                            Fault.Consequence.RETRY_HERE,
                            firstNode + " and " + endpoint + " answer " + method + " differently: neither is believed");
                }
                first = answer;
                firstNode = endpoint;
            } catch (RpcError e) {
                refused = e;
                if (e.isRevert() || method.equals("eth_sendRawTransaction") && e.code() != LIMIT_EXCEEDED) {
                    throw e;
                }
                failures.add(endpoint + ": " + e.getMessage());
            } catch (Unusable e) {
                failures.add(endpoint + ": " + e.getMessage());
            }
        }
        if (refused != null && first == null) {
            throw refused;
        }
        if (first != null) {
            failures.add("only " + firstNode + " answered, and answers are to be checked across two");
        }
        throw new Fault(
                Fault.Consequence.RETRY_HERE,
                "no node of the chain can be used: " + String.join("; ", failures));
    }

    private JsonValue askOne(Endpoint endpoint, Deadline deadline, String method, Object... params)
            throws RpcError, Unusable {
        try {
            verify(endpoint, deadline);
            JsonValue answer = once(endpoint, deadline, method, params);
            works(endpoint);
            return answer;
        } catch (Unusable e) {
            if (closed) {
                throw new Fault(Fault.Consequence.GIVE_UP, "the chain is not asked any more", e);
            }
            fails(endpoint, e.getMessage());
            throw e;
        }
    }

    /** Those that work first, in the order of the settings; then the others, the one that may be back soonest first. */
    private List<Endpoint> inOrder() {
        Instant now = clock.instant();
        return endpoints.stream()
                .sorted(Comparator.comparing((Endpoint e) -> e.rests(now))
                        .thenComparing(Endpoint::failures)
                        .thenComparing(e -> e.place))
                .toList();
    }

    private void verify(Endpoint endpoint, Deadline deadline) throws Unusable {
        synchronized (endpoint) {
            if (endpoint.known) {
                return;
            }
        }
        long id;
        try {
            id = Json.longNumber(once(endpoint, deadline, "eth_chainId"));
        } catch (RpcError | Json.Malformed e) {
            throw new Unusable("does not tell its chain id: " + e.getMessage());
        }
        synchronized (this) {
            if (chainId == 0) {
                chainId = id;
            }
        }
        if (id != chainId) {
            throw new Unusable("is a node of chain " + id + ", not of " + chainId);
        }
        synchronized (endpoint) {
            endpoint.known = true;
        }
    }

    private void works(Endpoint endpoint) {
        synchronized (endpoint) {
            if (endpoint.failures > 0 && endpoints.size() > 1) {
                LOG.info("The chain's node {} answers again after {} failures", endpoint, endpoint.failures);
            }
            endpoint.failures = 0;
            endpoint.restsUntil = Instant.MIN;
        }
    }

    private void fails(Endpoint endpoint, String why) {
        synchronized (endpoint) {
            // Of a single one the follower tells.
            if (endpoint.failures == 0 && endpoints.size() > 1) {
                LOG.warn("The chain's node {} cannot be used: {}; it is asked again from time to time", endpoint, why);
            }
            endpoint.known = false;
            endpoint.failures++;
            Duration rest = FIRST_REST.multipliedBy(1L << Math.min(endpoint.failures - 1, 6));
            endpoint.restsUntil = clock.instant().plus(rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
        }
    }

    private JsonValue once(Endpoint endpoint, Deadline deadline, String method, Object... params)
            throws RpcError, Unusable {
        int id = ids.incrementAndGet();
        JsonObject request =
                Json.object("jsonrpc", "2.0", "id", id, "method", method, "params", Json.array(params));
        JsonValue answer;
        try {
            answer = Json.parse(post(endpoint, deadline, request.toString(), true));
        } catch (Json.Malformed e) {
            throw new Unusable("its answer to " + method + " is " + e.getMessage());
        }
        if (!(answer instanceof JsonObject object)) {
            throw new Unusable("its answer to " + method + " is not one of JSON-RPC");
        }
        if (object.get("error") instanceof JsonObject error) {
            throw new RpcError(error.getInt("code", 0), error.getString("message", "no message"), data(error.get("data")));
        }
        if (!object.containsKey("result") || object.getInt("id", -1) != id) {
            throw new Unusable("its answer to " + method + " belongs to another question");
        }
        return object.get("result");
    }

    /** Nodes differ in where they put what a contract gave back. */
    private static String data(JsonValue data) {
        JsonValue inner = data instanceof JsonObject object ? object.get("data") : data;
        try {
            return inner == null ? "" : Json.text(inner);
        } catch (Json.Malformed e) {
            return "";
        }
    }

    private String post(Endpoint endpoint, Deadline deadline, String body, boolean again) throws RpcError, Unusable {
        Duration left = deadline.remaining(clock);
        long millis = Math.max(1, Math.min(left.toMillis(), settings.timeout().toMillis()));
        HttpRequest request = HttpRequest.newBuilder(endpoint.url)
                .timeout(Duration.ofMillis(millis))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        // The request's own timeout ends with the headers; this one covers the body too.
        CompletableFuture<HttpResponse<byte[]>> future = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER));
        try {
            HttpResponse<byte[]> response = future.get(millis, TimeUnit.MILLISECONDS);
            String text = new String(response.body(), StandardCharsets.UTF_8);
            // Some nodes refuse with an answer of JSON-RPC and a status of HTTP.
            if (response.statusCode() != HTTP_OK && !text.contains("\"error\"")) {
                throw new Unusable("HTTP status " + response.statusCode());
            }
            return text;
        } catch (TimeoutException e) {
            throw new Unusable("no answer within " + millis + " ms");
        } catch (ExecutionException e) {
            String reason = reason(e.getCause());
            if (reason.contains("body exceeds")) {
                throw new RpcError(LIMIT_EXCEEDED, "the answer is longer than " + MAX_ANSWER + " bytes", "");
            }
            // A connection that was kept for the next call may have been closed at the other end. All that is asked may
            // be asked twice, also to send a transaction: its bytes are the same.
            if (again && e.getCause() instanceof IOException
                    && !(e.getCause() instanceof ConnectException)
                    && !(e.getCause() instanceof HttpTimeoutException)) {
                return post(endpoint, deadline, body, false);
            }
            throw new Unusable(reason);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Fault.Consequence.GIVE_UP, "interrupted while waiting for the chain's node", e);
        } finally {
            future.cancel(true);
        }
    }

    private static String reason(Throwable cause) {
        if (cause instanceof ConnectException) {
            return "nothing can be connected to there";
        }
        String message = cause.getMessage();
        return cause instanceof IOException && message != null ? message : cause.getClass().getSimpleName();
    }

    @Override
    public void close() {
        closed = true;
        client.shutdownNow();
        threads.shutdownNow();
    }

    /** What a method answers must be an array. */
    static JsonArray array(JsonValue value) {
        if (value instanceof JsonArray array) {
            return array;
        }
        throw undecodable("an array was expected");
    }

    static Fault undecodable(String what) {
        return new Fault(Fault.Consequence.RETRY_HERE, "the chain's node gives an answer that makes no sense: " + what);
    }
}
