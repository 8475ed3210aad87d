package io.millrace.http;

import io.millrace.http.body.BodyLimits;
import io.millrace.http.gate.GateLimits;
import io.millrace.http.gate.Gates;
import io.millrace.http.gate.ServletTerms;
import io.millrace.http.peer.ConnectionLimits;
import io.millrace.http.tls.CertificateFile;
import io.millrace.http.tls.KeyMaterial;
import jakarta.servlet.Servlet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A server on a free port of the loopback, and clients that trust its certificate, name and all. */
final class TestServer implements AutoCloseable {

    static final ServerLimits LIMITS = new ServerLimits(
            new BodyLimits(100_000, 1000, Duration.ofSeconds(10), Duration.ofMinutes(1)),
            1 << 20,
            new ConnectionLimits(1000, 1000),
            Duration.ofSeconds(30),
            new GateLimits(1000, 1000, Duration.ofSeconds(10), Duration.ofSeconds(5)));
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicLong IDS = new AtomicLong();

    final HttpServer server;
    final URI uri;
    private final Optional<SSLContext> trust;
    private final Queue<HttpClient> clients = new ConcurrentLinkedQueue<>();

    private TestServer(ServerLimits limits, Optional<CertificateFile> certificate) throws Exception {
        server = new HttpServer("test", limits, new MonotonicClock());
        int port = server.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), certificate).number();
        uri = URI.create((certificate.isPresent() ? "https" : "http") + "://127.0.0.1:" + port);
        trust = certificate.isPresent() ? Optional.of(trusting(certificate.get().load())) : Optional.empty();
    }

    static TestServer plain(ServerLimits limits) throws Exception {
        return new TestServer(limits, Optional.empty());
    }

    static TestServer secure(ServerLimits limits, Path directory) throws Exception {
        return new TestServer(
                limits, Optional.of(new CertificateFile(directory, "127.0.0.1", InstantSource.system())));
    }

    static SSLContext trusting(KeyMaterial identity) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("node", identity.certificate());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Lets a servlet serve paths, as the newest. */
    void admit(Servlet servlet, String... paths) throws Exception {
        admit(servlet, terms(paths));
    }

    void admit(Servlet servlet, ServletTerms terms) throws Exception {
        server.gates().admit(servlet, terms);
    }

    static ServletTerms terms(String... paths) {
        return new ServletTerms(List.of("test"), List.of(paths), 0, IDS.incrementAndGet(), false, Map.of());
    }

    Gates gates() {
        return server.gates();
    }

    SSLContext tls() {
        return trust.orElseThrow();
    }

    /** A new client, which ends with the server. */
    HttpClient client(HttpClient.Version version) {
        var builder = HttpClient.newBuilder().version(version).connectTimeout(PATIENCE);
        trust.ifPresent(builder::sslContext);
        var client = builder.build();
        clients.add(client);
        return client;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri.resolve(path)).timeout(PATIENCE);
    }

    @Override
    public void close() {
        clients.forEach(HttpClient::shutdownNow);
        server.close();
    }
}
