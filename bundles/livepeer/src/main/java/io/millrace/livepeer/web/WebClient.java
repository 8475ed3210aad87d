package io.millrace.livepeer.web;

import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpVersion;

/**
 * Blocking HTTP calls with a deadline each; an interrupt gives the call up. It connects to the socket addresses that
 * the node's guard allowed, and follows no redirects: no node of the network answers with one, and following them
 * would let a peer point the node anywhere. Thread-safe.
 */
public final class WebClient implements AutoCloseable {

    /** How long a connection may take to come about. */
    public static final Duration CONNECT = Duration.ofSeconds(3);
    /** The largest object that nodes of the network exchange, in bytes. */
    public static final long MAX_OBJECT = 300_000_000;
    /** How long the download of an object may take. */
    public static final Duration DOWNLOAD = Duration.ofSeconds(4);

    private final CheckedAddresses addresses;
    private final Budget heap;
    private final InstantSource clock;
    private WebTransport transport;
    private boolean closed;

    /** A client with its own connections and threads, of which there are none before the first call. */
    public WebClient(CheckedAddresses addresses, Budget heap, InstantSource clock) {
        this.addresses = addresses;
        this.heap = heap;
        this.clock = clock;
    }

    /**
     * Sends {@code body} and waits for the response's headers. HTTP/2 where the peer has it over TLS.
     *
     * @throws NoAnswerException when no response arrived: not connected, broken off, or not in time
     * @throws IOException when the node does not call this address
     */
    public WebResponse post(Destination to, Map<String, String> headers, Bytes body, Deadline deadline)
            throws IOException {
        WebTransport over = transport();
        Request request = request(over, to, headers, deadline)
                .method("POST")
                .body(new BytesRequestContent((String) null, body.unsafeArray()));
        return send(over, request, deadline);
    }

    /**
     * Asks and waits for the response's headers, over what {@link #post} would use.
     *
     * @throws NoAnswerException when no response arrived: not connected, broken off, or not in time
     * @throws IOException when the node does not call this address
     */
    public WebResponse get(Destination from, Map<String, String> headers, Deadline deadline) throws IOException {
        WebTransport over = transport();
        return send(over, request(over, from, headers, deadline), deadline);
    }

    /**
     * Downloads an object, over HTTP/1.1 as every node of the network serves it.
     *
     * @param reader which charges what arrives
     * @param limit largest size, in bytes
     * @throws IOException when it is not there, too large, or not here within {@link #DOWNLOAD} or the deadline
     */
    public Bytes download(Destination from, BodyReader reader, long limit, Deadline deadline) throws IOException {
        Deadline earlier = deadline.orEarlier(Deadline.in(DOWNLOAD, clock));
        WebTransport over = transport();
        Request request = request(over, from, Map.of(), earlier).version(HttpVersion.HTTP_1_1);
        try (WebResponse response = send(over, request, earlier)) {
            if (response.status() != 200) {
                throw new IOException("it answered " + response.status());
            }
            return response.body(reader, limit, earlier);
        }
    }

    /**
     * Downloads an object, which is charged until this returns.
     *
     * @throws Fault when that fails; what found no memory here may be had from the same place later
     */
    public Bytes download(Destination from, Deadline deadline) {
        try (Budget.Charge charge = heap.open("download")) {
            return download(from, BodyReader.of(charge, deadline, clock), MAX_OBJECT, deadline);
        } catch (IOException e) {
            boolean full = e instanceof BodyException known && known.isBusy();
            throw new Fault(
                    full ? Fault.Consequence.BUSY : Fault.Consequence.RETRY_ELSEWHERE,
                    "could not download " + from + ": " + e.getMessage(),
                    e);
        }
    }

    private Request request(WebTransport over, Destination to, Map<String, String> headers, Deadline deadline)
            throws IOException {
        InetSocketAddress address = addresses.check(to, deadline);
        try {
            Request request = over.client().newRequest(to.address())
                    .tag(address)
                    .headers(fields -> headers.forEach(fields::put));
            // Over clear text, HTTP/2 would cost the peer an upgrade.
            return to.address().getScheme().equalsIgnoreCase("https")
                    ? request
                    : request.version(HttpVersion.HTTP_1_1);
        } catch (IllegalArgumentException e) {
            throw new IOException("no address that can be called: " + to, e);
        }
    }

    private WebResponse send(WebTransport over, Request request, Deadline deadline) throws IOException {
        InputStreamResponseListener listener = new InputStreamResponseListener();
        AtomicBoolean sent = new AtomicBoolean();
        request.onRequestCommit(committed -> sent.set(true));
        over.send(request, listener);
        try {
            return new WebResponse(
                    listener.get(deadline.remaining(clock).toMillis(), TimeUnit.MILLISECONDS),
                    listener,
                    over.client().getScheduler(),
                    heap,
                    clock);
        } catch (TimeoutException e) {
            request.abort(e);
            throw new NoAnswerException("not in time", e, true, sent.get());
        } catch (ExecutionException e) {
            throw new NoAnswerException(reason(e.getCause()), e.getCause(), false, sent.get());
        } catch (InterruptedException e) {
            request.abort(e);
            Thread.currentThread().interrupt();
            throw new NoAnswerException("interrupted", e, false, sent.get());
        }
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private synchronized WebTransport transport() throws IOException {
        if (closed) {
            throw new IOException("the protocol bundle is being stopped");
        }
        if (transport == null) {
            transport = new WebTransport();
        }
        return transport;
    }

    @Override
    public void close() {
        WebTransport open;
        synchronized (this) {
            closed = true;
            open = transport;
            transport = null;
        }
        // Stopping waits for threads that may be asking for the client.
        if (open != null) {
            open.close();
        }
    }
}
