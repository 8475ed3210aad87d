package io.millrace.itests.job;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Asks a gateway for what a third party's bundle does, as clients of the network do. */
public final class JobClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMEOUT_SECONDS = 30;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI gateway;

    /** At the gateway's HTTP address. */
    public JobClient(URI gateway) {
        this.gateway = gateway;
    }

    /** Sends a job and waits for its answer. */
    public HttpResponse<String> ask(String capability, byte[] body) throws IOException, InterruptedException {
        String job = "{\"request\":\"{}\",\"parameters\":\"{}\",\"capability\":\"%s\",\"timeout_seconds\":%d}"
                .formatted(capability, TIMEOUT_SECONDS);
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/process/request/" + capability))
                .header("Livepeer", Base64.getEncoder().encodeToString(job.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/octet-stream")
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** The same with a text. */
    public HttpResponse<String> ask(String capability, String text) throws IOException, InterruptedException {
        return ask(capability, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.close();
    }
}
