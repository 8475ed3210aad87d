package io.millrace.livepeer.web;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Blocking HTTP calls with a deadline each; an interrupt gives the call up. Redirects are not followed:
 * no node of the network answers with one, and following them would let a peer point the node anywhere.
 * Thread-safe.
 */
public final class WebClient implements AutoCloseable {

    /** How long a connection may take to come about. */
    public static final Duration CONNECT = Duration.ofSeconds(3);
    /** The largest object that nodes of the network exchange, in bytes. */
    public static final long MAX_OBJECT = 300_000_000;
    /** How long the download of an object may take. */
    public static final Duration DOWNLOAD = Duration.ofSeconds(4);

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private HttpClient client;
    private boolean closed;

    /** A client with its own connections and threads, of which there are none before the first call. */
    public WebClient(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Sends {@code body} and waits for the response's headers. HTTP/2 where the peer has it; over clear
     * text HTTP/1.1, where asking for HTTP/2 would cost the peer an upgrade.
     *
     * @param limit largest response body, in bytes
     * @throws IOException when no response arrived: not connected, broken off, or not in time
     */
    public WebResponse post(URI uri, Map<String, String> headers, Bytes body, long limit, Deadline deadline)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .version(version(uri))
                .POST(BodyPublishers.ofByteArray(body.unsafeArray()));
        headers.forEach(request::header);
        return send(request.build(), limit, deadline);
    }

    /**
     * Asks and waits for the response's headers, over what {@link #post} would use.
     *
     * @param limit largest response body, in bytes
     * @throws IOException when no response arrived: not connected, broken off, or not in time
     */
    public WebResponse get(URI uri, Map<String, String> headers, long limit, Deadline deadline) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).version(version(uri)).GET();
        headers.forEach(request::header);
        return send(request.build(), limit, deadline);
    }

    private static HttpClient.Version version(URI uri) {
        return uri.getScheme().equalsIgnoreCase("https") ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
    }

    /**
     * Downloads an object, over HTTP/1.1 as every node of the network serves it.
     *
     * @throws Fault when it is not there, too large, or not here within {@link #DOWNLOAD} or the deadline
     */
    public Bytes get(URI uri, long limit, Deadline deadline) {
        Deadline earlier = deadline.orEarlier(Deadline.in(DOWNLOAD, clock));
        try {
            HttpRequest request = HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).build();
            WebResponse response = send(request, limit, earlier);
            if (response.status() != 200) {
                response.close();
                throw new IOException("it answered " + response.status());
            }
            return response.body(earlier);
        } catch (IOException e) {
            throw new Fault(
                    Fault.Consequence.RETRY_ELSEWHERE, "could not download " + uri + ": " + e.getMessage(), e);
        }
    }

    private WebResponse send(HttpRequest request, long limit, Deadline deadline) throws IOException {
        var call = client().sendAsync(request, response -> new BoundedBody(limit));
        var response = await(call, deadline, () -> call.cancel(true));
        return new WebResponse(response.statusCode(), response.headers(), response.body(), clock);
    }

    /** Waits for a step of a call; gives the call up when it is late or the caller is interrupted. */
    static <T> T await(CompletableFuture<T> step, Deadline deadline, InstantSource clock, Runnable giveUp)
            throws IOException {
        try {
            return step.get(deadline.remaining(clock).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            giveUp.run();
            throw new LateException();
        } catch (CancellationException e) {
            throw new IOException("given up", e);
        } catch (InterruptedException e) {
            giveUp.run();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private <T> T await(CompletableFuture<T> step, Deadline deadline, Runnable giveUp) throws IOException {
        return await(step, deadline, clock, giveUp);
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private synchronized HttpClient client() throws IOException {
        if (closed) {
            throw new IOException("the protocol bundle is being stopped");
        }
        if (client == null) {
            TolerantCertificates.acquire();
            client = HttpClient.newBuilder()
                    .sslContext(AnyCertificate.context())
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(executor)
                    .build();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (client != null) {
            TolerantCertificates.release();
        }
        try {
            if (client != null) {
                client.shutdownNow();
                client.awaitTermination(CLOSE);
            }
            executor.shutdownNow();
            executor.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
