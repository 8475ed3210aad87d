package io.millrace.livepeer.support;

import io.millrace.livepeer.web.TrustAnyCertificate;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** HTTP/2 requests of any content, with the trailers of their responses. */
public final class RawHttp2 implements AutoCloseable {

    private final HttpClient client;

    /**
     * An answer.
     *
     * @param headers in lower case names
     * @param trailers in lower case names
     */
    public record Answer(int status, HttpFields headers, byte[] body, HttpFields trailers) {

        /** A trailer, or null. */
        public String trailer(String name) {
            return trailers == null ? null : trailers.get(name);
        }
    }

    /** Connects when it is asked. */
    public RawHttp2() throws Exception {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setSslContext(TrustAnyCertificate.context());
        tls.setEndpointIdentificationAlgorithm(null);
        ClientConnector connector = new ClientConnector();
        connector.setSslContextFactory(tls);
        client = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client(connector)));
        client.start();
    }

    /** Asks, waiting at most 30 s. */
    public Answer ask(URI uri, String method, List<Map.Entry<String, String>> headers, byte[] body) throws Exception {
        var request = client.newRequest(uri)
                .method(method)
                .timeout(30, TimeUnit.SECONDS)
                .headers(fields -> headers.forEach(header -> fields.add(header.getKey(), header.getValue())))
                .body(new BytesRequestContent(contentType(headers), body));
        ContentResponse response = request.send();
        return new Answer(
                response.getStatus(), response.getHeaders(), response.getContent(), response.getTrailers());
    }

    private static String contentType(List<Map.Entry<String, String>> headers) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase("content-type"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new AssertionError("the client did not stop", e);
        }
    }
}
