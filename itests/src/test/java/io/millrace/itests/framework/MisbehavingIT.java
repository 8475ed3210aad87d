package io.millrace.itests.framework;

import static io.millrace.itests.framework.LiveNode.context;
import static io.millrace.itests.framework.LiveNode.endpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.network.SelectionPolicy;
import io.millrace.api.node.NodeEvent.Misbehaved;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.publish.Publisher;
import io.millrace.itests.job.JobClient;
import io.millrace.testkit.RecordingEvents;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;

/**
 * Third parties' bundles that throw, hang and give nothing back: each is refused or left behind and named to the
 * operator, and the streams of others go on.
 */
@Tag("long")
@ExtendWith(InFramework.class)
public class MisbehavingIT {

    private static final int STREAMS = 4;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String PIPELINE = "org.example.unruly";
    private static final String PUBLISHER = "org.example.deaf";
    private static final String POLICY = "org.example.undecided";

    /** After so many calls that hang a pipeline gets no more. */
    private static final int SET_ASIDE = 3;

    @Configuration
    public Option[] node() throws IOException {
        String service = "127.0.0.1:" + Node.freePort();
        return Node.changeable(
                "combined",
                "io.millrace.kernel.gateway.orchestrators=https://" + service,
                "io.millrace.kernel.orchestrator.requestTimeoutSeconds=1",
                "io.millrace.http~service.address=" + service,
                "io.millrace.http~http.address=127.0.0.1:0",
                "io.millrace.http~admin.address=127.0.0.1:0",
                "io.millrace.media.profiles=P144p30fps16x9",
                "io.millrace.media.rtmp.address=127.0.0.1:0",
                "io.millrace.ffmpeg.preset=ultrafast");
    }

    @Test
    public void theNodeGoesOnWithoutThem() throws Exception {
        RecordingEvents events = new RecordingEvents();
        ServiceRegistration<?> listening = context().registerService(NodeEvents.class, events, null);
        Bundle publisher = installed(PUBLISHER, Publisher.class);
        Bundle policy = installed(POLICY, SelectionPolicy.class);
        Bundle pipeline = installed(PIPELINE, Pipeline.class);
        try (SwapLoad load = new SwapLoad(endpoint("http"), "others", STREAMS, 1, SECOND);
                JobClient client = new JobClient(endpoint("http"))) {
            load.awaitMore(2 * STREAMS);
            assertTrue(told(events, POLICY).what().contains("heads or tails"));
            assertTrue(told(events, PUBLISHER).what().contains("did not return"));

            assertEquals("honest", client.ask(MisbehavingServices.CAPABILITY, "honest").body());
            assertNotEquals(200, client.ask(MisbehavingServices.CAPABILITY, "throw").statusCode());
            assertTrue(told(events, PIPELINE, "no flour").what().contains("IllegalStateException"));
            assertNotEquals(200, client.ask(MisbehavingServices.CAPABILITY, "break").statusCode());
            assertTrue(told(events, PIPELINE, "stones").what().contains("StackOverflowError"));

            List<CompletableFuture<HttpResponse<String>>> hanging = new ArrayList<>();
            for (int i = 0; i < SET_ASIDE; i++) {
                hanging.add(CompletableFuture.supplyAsync(() -> asked(client, "stay")));
            }
            for (CompletableFuture<HttpResponse<String>> answer : hanging) {
                assertNotEquals(200, answer.get().statusCode());
            }
            events.await(Misbehaved.class, news -> news.bundle().startsWith(PIPELINE) && news.setAside());
            assertNotEquals(200, client.ask(MisbehavingServices.CAPABILITY, "honest").statusCode(), "it gets no more");

            // while its calls still hang
            pipeline.uninstall();
            publisher.uninstall();
            policy.uninstall();
            load.awaitMore(2 * STREAMS);
            load.end();
            assertEquals(List.of(), load.failures(), "segments of others");
        } finally {
            System.setProperty(MisbehavingServices.RELEASE, "true");
            listening.unregister();
        }
    }

    private static Bundle installed(String name, Class<?> service) throws Exception {
        Bundle bundle = context()
                .installBundle("test:" + name, ThirdParty.bundle(name, "1.0.0", MisbehavingServices.class, service, 1000));
        bundle.start();
        return bundle;
    }

    private static HttpResponse<String> asked(JobClient client, String what) {
        try {
            return client.ask(MisbehavingServices.CAPABILITY, what);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Misbehaved told(RecordingEvents events, String bundle, String... words) {
        return events.await(
                Misbehaved.class,
                news -> news.bundle().startsWith(bundle) && List.of(words).stream().allMatch(news.what()::contains));
    }
}
