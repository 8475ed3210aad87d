package io.millrace.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sends and watches a stream as clients do, while {@code prepare} records what a start loads, so that the classes of
 * a stream are recorded too. The first segment after a start then takes a fraction of the time.
 */
final class WarmUpStream {

    private static final List<String> SEGMENTS = List.of("sample-0.ts", "sample-1.ts", "sample-2.ts");
    private static final String STREAM = "warm-up";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI node;

    /** For the gateway at this address. */
    WarmUpStream(URI node) {
        this.node = node;
    }

    /** Pushes so many segments, and reads what a player would; true when all were transcoded. */
    boolean play(int segments) throws IOException, InterruptedException {
        boolean complete = true;
        for (int number = 0; number < segments; number++) {
            complete &= push(number) == 200;
            watch("/stream/" + STREAM + ".m3u8");
            String listed = new String(watch("/stream/" + STREAM + "/source.m3u8"), StandardCharsets.UTF_8);
            for (String segment : listed.lines().filter(line -> line.startsWith("/")).toList()) {
                watch(segment);
            }
        }
        return complete;
    }

    private int push(int number) throws IOException, InterruptedException {
        try (InputStream segment = WarmUpStream.class.getResourceAsStream(
                "/io/millrace/testkit/" + SEGMENTS.get(number % SEGMENTS.size()))) {
            return send(HttpRequest.newBuilder(node.resolve("/live/" + STREAM + "/" + number + ".ts"))
                            .header("Accept", "multipart/mixed")
                            .header("Content-Duration", "2000")
                            .PUT(BodyPublishers.ofByteArray(segment.readAllBytes())))
                    .statusCode();
        }
    }

    private byte[] watch(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(node.resolve(path)).GET()).body();
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }
}
