package io.millrace.livepeer.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.millrace.api.job.JobSpec;
import io.millrace.api.payment.PriceSource.Answer;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Rational;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookPriceSourceTest {

    private static final Address GATEWAY = new Address(Bytes.hex("90f79bf6eb2c4f870365e785982e1f101e93b906"));

    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final CountDownLatch hangs = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile String body = "{}";
    private volatile boolean silent;
    private HttpServer server;
    private WebhookPriceSource source;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            questions.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, answer.length);
            if (silent) {
                await();
            }
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        source = source("http://127.0.0.1:" + server.getAddress().getPort() + "/prices?key=secret");
    }

    private void await() {
        try {
            hangs.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        hangs.countDown();
        source.close();
        server.stop(0);
    }

    private static WebhookPriceSource source(String url) {
        return new WebhookPriceSource(new WebhookConfiguration() {
            @Override
            public String priceUrl() {
                return url;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return WebhookConfiguration.class;
            }
        });
    }

    private Optional<Answer> ask(JobSpec job) {
        return source.price(GATEWAY, job, Deadline.in(Duration.ofSeconds(20), Clock.systemUTC()));
    }

    @Test
    void itIsAskedAsGoLivepeerAsksAndUnderstoodAsThere() {
        body = "{\"priceInfo\":{\"pricePerUnit\":7,\"pixelsPerUnit\":2}}";
        assertEquals(Optional.of(new Answer(Rational.of(7, 2), "wei")), ask(JobSpec.anything()));
        assertEquals(
                List.of("{\"id\":\"0x90F79bf6EB2c4f870365E785982E1f101E93b906\",\"models\":[]}"), questions);
    }

    @Test
    void workByModelIsNamedAndTheAnswerMayBeInAnotherCurrency() {
        body = "{\"priceInfo\":{\"pricePerUnit\":0.5,\"pixelsPerUnit\":1e6},\"currency\":\"USD\"}";
        assertEquals(
                Optional.of(new Answer(Rational.of(1, 2_000_000), "USD")),
                ask(JobSpec.anything().forModel(Capability.TEXT_TO_IMAGE, "a/model")));
        assertTrue(questions.getFirst().contains("{\"pipeline\":\"text-to-image\",\"model_id\":\"a/model\"}"), questions.toString());
    }

    @Test
    void withoutAPriceTheConfiguredOneCounts() {
        assertEquals(Optional.empty(), ask(JobSpec.anything()));
        body = "{\"priceInfo\":null}";
        assertEquals(Optional.empty(), ask(JobSpec.anything()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "free", "[]", "{\"priceInfo\":7}", "{\"priceInfo\":{}}", "{\"priceInfo\":{\"pricePerUnit\":0}}",
        "{\"priceInfo\":{\"pricePerUnit\":-1,\"pixelsPerUnit\":1}}",
        "{\"priceInfo\":{\"pricePerUnit\":1,\"pixelsPerUnit\":0}}",
        "{\"priceInfo\":{\"pricePerUnit\":\"1\",\"pixelsPerUnit\":1}}",
        "{\"priceInfo\":{\"pricePerUnit\":1e999999999,\"pixelsPerUnit\":1}}",
        "{\"priceInfo\":{\"pricePerUnit\":1e-999999999,\"pixelsPerUnit\":1}}",
        "{\"priceInfo\":{\"pricePerUnit\":1,\"pixelsPerUnit\":1},\"currency\":\"a dollar\"}"
    })
    void anAnswerThatMakesNoSenseIsNoPriceAndNotTheKey(String answer) {
        body = answer;
        Fault fault = assertThrows(Fault.class, () -> ask(JobSpec.anything()));
        assertFalse(fault.getMessage().contains("secret"), fault.getMessage());
    }

    @Test
    void anAnswerThatIsTooLongOrDeepIsNotReadToItsEnd() {
        body = "{\"priceInfo\":{\"pricePerUnit\":1,\"pixelsPerUnit\":1}" + " ".repeat(20_000) + "}";
        assertThrows(Fault.class, () -> ask(JobSpec.anything()));
        body = "{\"a\":" + "[".repeat(8000);
        assertThrows(Fault.class, () -> ask(JobSpec.anything()));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 302, 403, 500})
    void anyOtherStatusIsAFailureAndNoRedirectIsFollowed(int other) {
        status = other;
        assertThrows(Fault.class, () -> ask(JobSpec.anything()));
        assertEquals(1, questions.size());
    }

    @Test
    void aServerThatHangsIsNotWaitedForBeyondTheDeadline() {
        silent = true;
        body = "{}";
        Deadline soon = Deadline.in(Duration.ofMillis(300), Clock.systemUTC());
        Fault fault = assertThrows(Fault.class, () -> source.price(GATEWAY, JobSpec.anything(), soon));
        assertTrue(fault.getMessage().contains("not answer in time"), fault.getMessage());
    }

    @Test
    void withoutAnAddressItSaysNothingAndAWrongOneIsNotRepeated() {
        WebhookPriceSource none = source("");
        assertFalse(none.isConfigured());
        none.close();
        assertTrue(source.isConfigured());
        for (String wrong : List.of("ftp://secret/", "http:secret", "not an address secret")) {
            String message = assertThrows(IllegalArgumentException.class, () -> source(wrong)).getMessage();
            assertTrue(message.contains("priceUrl") && !message.contains("secret"), message);
        }
    }
}
