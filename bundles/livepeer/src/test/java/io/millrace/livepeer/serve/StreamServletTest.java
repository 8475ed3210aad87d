package io.millrace.livepeer.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.SessionId;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamServletTest {

    private static final byte[] RENDITION = new byte[300_000];

    private static WireFixture wire;
    private static HttpClient client;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        wire = new WireFixture(directory);
        wire.store.put(new SessionId("0a1b2c3d"), "720p/3.ts", Bytes.wrap(RENDITION));
        wire.store.put(new SessionId("0a1b2c3d"), "a b/3.mp4", Bytes.wrap(RENDITION));
        client = WireFixture.client();
    }

    @AfterAll
    static void stop() {
        client.shutdownNow();
        wire.close();
    }

    @Test
    void aRenditionIsServedWithTheNetworksHeaders() throws Exception {
        HttpResponse<byte[]> response = client.send(
                request("/stream/0a1b2c3d/720p/3.ts").version(HttpClient.Version.HTTP_1_1).build(),
                BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        assertArrayEquals(RENDITION, response.body());
        assertEquals("video/mp2t", header(response, "content-type"));
        assertEquals("300000", header(response, "content-length"));
        assertEquals("*", header(response, "access-control-allow-origin"));
        assertEquals("Content-Length", header(response, "access-control-expose-headers"));
        assertEquals("max-age=5", header(response, "cache-control"));
    }

    @Test
    void aNameThatNeedsEncodingIsFound() throws Exception {
        HttpResponse<byte[]> response =
                client.send(request("/stream/0a1b2c3d/a%20b/3.mp4").build(), BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        assertEquals("video/mp4", header(response, "content-type"));
    }

    @Test
    void headTellsTheSizeWithoutTheBody() throws Exception {
        HttpResponse<byte[]> response = client.send(
                request("/stream/0a1b2c3d/720p/3.ts").HEAD().build(), BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        assertEquals("300000", header(response, "content-length"));
        assertEquals(0, response.body().length);
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        for (String path : new String[] {"/stream/0a1b2c3d/720p/4.ts", "/stream/", "/stream"}) {
            HttpResponse<String> response = client.send(request(path).build(), BodyHandlers.ofString());
            assertEquals(404, response.statusCode());
            assertEquals("ErrNotFound\n", response.body());
        }
    }

    @Test
    void healthIsAnEmptyYes() throws Exception {
        HttpResponse<String> response = client.send(request("/healthz").build(), BodyHandlers.ofString());
        assertEquals(200, response.statusCode());
        assertEquals("", response.body());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElseThrow();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(wire.server.uri().resolve(path));
    }
}
