package io.millrace.launcher;

import jakarta.json.JsonException;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.parsson.JsonProviderImpl;

/**
 * The admin API of the node that runs on a data folder, asked as its operator. What the node refuses is a
 * {@link Refused} with the node's own words.
 */
public final class AdminClient {

    /** How long the node may take to answer. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final int ERRORS = 400;
    private static final int LONGEST_TEXT = 2000;

    private final DataFolder data;
    private final URI address;
    private final HttpClient client;

    private AdminClient(DataFolder data, URI address, HttpClient client) {
        this.data = data;
        this.address = address;
        this.client = client;
    }

    /**
     * For the node on this folder.
     *
     * @throws Refused when none runs, or it has no admin port
     */
    public static AdminClient of(DataFolder data) {
        URI address = data.status()
                .flatMap(status -> Optional.ofNullable(
                        status.getJsonObject("addresses").getString("admin", null)))
                .map(URI::create)
                .orElseThrow(() -> Refused.failed(data.process()
                        .map(node -> "The node (process " + node.pid() + ") on " + data.directory()
                                + " has no admin port open yet. Try again in a moment; its log says what it waits for: "
                                + data.logs())
                        .orElse("No node runs on " + data.directory() + ".")));
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_LIMIT);
        if ("https".equals(address.getScheme())) {
            Path certificate = data.certificate("io.millrace.http~admin");
            try {
                client.sslContext(PinnedCertificate.context(certificate));
            } catch (IOException | GeneralSecurityException e) {
                throw Refused.failed("The certificate of the admin port cannot be read (" + e.getMessage()
                        + "): " + certificate);
            }
        }
        return new AdminClient(data, address, client.build());
    }

    /** One part of a path or one value of a query, with what is special in addresses escaped. */
    public static String escaped(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What is at this path, which begins with {@code /api/}. */
    public JsonStructure get(String path) throws InterruptedException {
        return get(path, LIMIT);
    }

    /** The same, to be answered within a limit. */
    JsonStructure get(String path, Duration limit) throws InterruptedException {
        return json(answer("GET", path, BodyPublishers.noBody(), limit));
    }

    /**
     * What a node answered, as JSON.
     *
     * @throws Refused when it is none
     */
    static JsonStructure json(String answer) {
        try (JsonReader reader = new JsonProviderImpl().createReader(new StringReader(answer))) {
            return reader.read();
        } catch (JsonException e) {
            throw Refused.failed("What answers on the admin port is no Millrace node: " + e.getMessage());
        }
    }

    /**
     * Copies what is at this path, which may be long, as it comes.
     *
     * @throws Refused when the node refuses it, or breaks off
     */
    public void copy(String path, OutputStream out) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(path)).build();
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                if (response.statusCode() >= ERRORS) {
                    throw Refused.failed(sentence(new String(in.readNBytes(LONGEST_TEXT), StandardCharsets.UTF_8).strip()));
                }
                in.transferTo(out);
                out.flush();
            }
        } catch (IOException e) {
            throw Refused.failed("What the node at " + address + " tells broke off (" + reason(e) + ").");
        }
    }

    /** Sends a change without a body; what the node says to it. */
    public String send(String method, String path) throws InterruptedException {
        return send(method, path, BodyPublishers.noBody(), LIMIT);
    }

    /** Sends a change, to be done within a limit; what the node says to it. */
    public String send(String method, String path, BodyPublisher body, Duration limit) throws InterruptedException {
        return answer(method, path, body, limit).strip();
    }

    private String answer(String method, String path, BodyPublisher body, Duration limit) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .method(method, body)
                .timeout(limit);
        if (!method.equals("GET")) {
            request.header("Authorization", "Bearer " + token());
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() >= ERRORS) {
                throw Refused.failed(said(response));
            }
            return response.body();
        } catch (IOException e) {
            throw Refused.failed("The node does not answer at " + address + " (" + reason(e) + ").");
        }
    }

    private static String said(HttpResponse<String> response) {
        return response.body().lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .map(AdminClient::sentence)
                .orElse("The node refuses it (HTTP " + response.statusCode() + ").");
    }

    /** A line that begins with the name of a setting stays as it is. */
    private static String sentence(String line) {
        boolean name = line.split(" ", 2)[0].matches(".*\\w\\.\\w.*");
        return name ? line : Character.toUpperCase(line.charAt(0)) + line.substring(1);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private String token() {
        Path file = data.run().resolve("admin.token");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw Refused.failed("The token of the node cannot be read (" + file
                    + "). Only the user who started the node can change it.");
        }
    }
}
