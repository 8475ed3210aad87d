package io.millrace.itests.framework;

import static io.millrace.itests.framework.LiveNode.context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.itests.job.JobClient;
import io.millrace.testkit.RecordingEvents;
import io.millrace.testkit.SampleSegments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The bundles of {@code examples/} in a node, asked over the real wire. */
@Tag("long")
@ExtendWith(InFramework.class)
public class ExamplesIT {

    private static final String PORT = "millrace.itests.examples.http";
    private static final String EXAMPLES = "millrace.examples";

    @Configuration
    public Option[] node() throws IOException {
        String service = "127.0.0.1:" + Node.freePort();
        int http = Node.freePort();
        System.setProperty(PORT, String.valueOf(http));
        return Node.options(
                "combined",
                "io.millrace.kernel.gateway.orchestrators=https://" + service,
                "io.millrace.http~service.address=" + service,
                "io.millrace.http~http.address=127.0.0.1:" + http,
                "io.millrace.http~admin.address=127.0.0.1:0",
                "io.millrace.media.profiles=P144p30fps16x9",
                "io.millrace.media.rtmp.address=127.0.0.1:0",
                "io.millrace.ffmpeg.preset=ultrafast");
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    private static URI http() {
        return URI.create("http://127.0.0.1:" + System.getProperty(PORT));
    }

    private static void with(String example, Step step) throws Exception {
        Path jar = Path.of(System.getProperty(EXAMPLES), example, "target", "org.example." + example + ".jar");
        Bundle bundle = context().installBundle(jar.toUri().toString());
        try {
            bundle.start();
            step.run();
        } finally {
            bundle.uninstall();
        }
    }

    /** The answer, once the capability is known on both sides of the wire. */
    private static HttpResponse<String> answer(String capability, byte[] body) throws Exception {
        try (JobClient client = new JobClient(http())) {
            HttpResponse<String> answer = client.ask(capability, body);
            assertEquals(200, answer.statusCode(), answer.body());
            return answer;
        }
    }

    @Test
    public void captionsAreConverted() throws Exception {
        with("captions", () -> {
            byte[] captions = "1\n00:00:01,000 --> 00:00:02,500\nThe mill turns.\n".getBytes(StandardCharsets.UTF_8);
            HttpResponse<String> answer = answer("srt-to-vtt", captions);
            assertEquals("WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nThe mill turns.\n", answer.body());
            assertTrue(answer.headers().firstValue("Content-Type").orElse("").startsWith("text/vtt"));
        });
    }

    @Test
    public void loudnessIsMeasuredOnTheNodesOwnCodec() throws Exception {
        with("loudness", () -> {
            String json = answer("loudness", SampleSegments.data(0).toArray()).body();
            assertTrue(json.matches("\\{\"integrated\":-[0-9.]+,\"range\":[0-9.]+,\"truePeak\":.*\"seconds\":[12]\\..*\\}\n"), json);
        });
    }

    @Test
    public void theReasonsOfThePolicyExplainTheChoice() throws Exception {
        RecordingEvents events = new RecordingEvents();
        ServiceRegistration<?> registration = context().registerService(NodeEvents.class, events, null);
        try {
            with("cheapest", () -> {
                push("cheapest");
                List<String> reasons = events.await(NodeEvent.Selected.class).candidates().stream()
                        .map(Ranked::reason)
                        .toList();
                assertEquals(List.of("0 wei a megapixel"), reasons);
            });
        } finally {
            registration.unregister();
        }
    }

    @Test
    public void segmentsAreArchivedOnceItIsSaidWhere() throws Exception {
        Path folder = Files.createTempDirectory("millrace-archive");
        with("archive", () -> {
            org.osgi.service.cm.Configuration configuration = context()
                    .getService(context().getServiceReference(ConfigurationAdmin.class))
                    .getConfiguration("org.example.archive", "?");
            Dictionary<String, Object> settings = new Hashtable<>();
            settings.put("directory", folder.toString());
            configuration.update(settings);
            try {
                Wait.until("files of a source and its rendition", () -> {
                    push("archive");
                    String files = files(folder);
                    return files.contains("/source/0.ts") && files.contains("/P144p30fps16x9/0.ts");
                });
            } finally {
                configuration.delete();
            }
        });
    }

    /** A stream of one segment. */
    private static void push(String stream) {
        HttpRequest request = HttpRequest.newBuilder(http().resolve("/live/" + stream + "/0.ts"))
                .timeout(Duration.ofMinutes(2))
                .header("Accept", "multipart/mixed")
                .header("Content-Duration", String.valueOf(SampleSegments.DURATION.toMillis()))
                .POST(BodyPublishers.ofByteArray(SampleSegments.data(0).toArray()))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
            assertEquals(200, answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String files(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
