package io.millrace.livepeer.webhook;

import io.millrace.api.job.JobSpec;
import io.millrace.api.payment.PriceSource;
import io.millrace.api.secret.SecretReference;
import io.millrace.api.value.Address;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Rational;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.parsson.JsonProviderImpl;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/**
 * A server of the operator's that says prices, asked as go-livepeer asks the one of {@code -authWebhookUrl} (server/rpc.go,
 * authenticateBroadcaster): {@code POST {"id": "0x..."}}, answered by {@code {"priceInfo": {"pricePerUnit": 7,
 * "pixelsPerUnit": 2}}}. Here the question names the models too, and the answer may name a currency.
 *
 * <p>It is called by the JDK's client, which checks certificates, and not by that for other nodes, which cannot.
 */
@Component(
        service = PriceSource.class,
        configurationPid = WebhookPriceSource.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = WebhookConfiguration.class)
public final class WebhookPriceSource implements PriceSource {

    static final String PID = "io.millrace.livepeer.webhook";

    private static final JsonProvider JSON = new JsonProviderImpl();
    private static final int OK = 200;
    private static final int MAX_BYTES = 16 * 1024;
    private static final int MAX_DIGITS = 40;

    private final Optional<URI> url;
    private final Optional<HttpClient> client;
    private final InstantSource clock = Clock.systemUTC();

    /** Asks the server of the settings. */
    @Activate
    public WebhookPriceSource(WebhookConfiguration configuration) {
        url = url(configuration.priceUrl().strip());
        client = url.map(any -> HttpClient.newHttpClient());
    }

    /** The address may hold a key, so that no message repeats it. */
    private static Optional<URI> url(String value) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI read = new URI(SecretReference.read(value));
            if (("http".equals(read.getScheme()) || "https".equals(read.getScheme())) && read.getHost() != null) {
                return Optional.of(read);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(PID + ": priceUrl cannot be read: " + e.getMessage(), e);
        } catch (URISyntaxException e) {
            // said below, without the text
        }
        throw new IllegalArgumentException(PID + ": priceUrl is no http or https address");
    }

    @Override
    public boolean isConfigured() {
        return url.isPresent();
    }

    @Override
    public Optional<Answer> price(Address gateway, JobSpec job, Deadline deadline) {
        if (url.isEmpty()) {
            return Optional.empty();
        }
        HttpRequest request = HttpRequest.newBuilder(url.get())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question(gateway, job).toString()))
                .build();
        CompletableFuture<HttpResponse<String>> call =
                client.orElseThrow().sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_BYTES));
        try {
            return answer(call.get(deadline.remaining(clock).toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            throw fault("it did not answer in time", e);
        } catch (ExecutionException e) {
            throw fault("it cannot be asked: " + e.getCause().getClass().getSimpleName(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault("interrupted", e);
        } finally {
            call.cancel(true);
        }
    }

    private static JsonObject question(Address gateway, JobSpec job) {
        JsonObjectBuilder question = JSON.createObjectBuilder().add("id", gateway.checksummed());
        JsonArrayBuilder models = JSON.createArrayBuilder();
        if (job.capability().isPresent()) {
            models.add(model(job.capability().getAsInt(), job.model()));
        } else {
            job.needs().map(Capabilities::models).ifPresent(byCapability -> byCapability.forEach(
                    (capability, byName) -> byName.keySet().forEach(name -> models.add(model(capability, name)))));
        }
        return question.add("models", models).build();
    }

    private static JsonObject model(int capability, String name) {
        return JSON.createObjectBuilder()
                .add("pipeline", Capability.pipeline(capability).orElse(String.valueOf(capability)))
                .add("model_id", name)
                .build();
    }

    private static Optional<Answer> answer(HttpResponse<String> response) {
        if (response.statusCode() != OK) {
            throw fault("it answers " + response.statusCode(), null);
        }
        try (JsonReader reader = JSON.createReader(new StringReader(response.body()))) {
            JsonObject all = reader.readObject();
            JsonValue price = all.getOrDefault("priceInfo", JsonValue.NULL);
            if (price == JsonValue.NULL) {
                return Optional.empty();
            }
            if (!(price instanceof JsonObject terms)) {
                throw fault("its priceInfo is no object", null);
            }
            Rational amount = amount(terms, "pricePerUnit");
            Rational units = amount(terms, "pixelsPerUnit");
            if (units.signum() == 0) {
                throw fault("its pixelsPerUnit is 0", null);
            }
            JsonValue currency = all.getOrDefault("currency", JsonValue.NULL);
            String name = currency instanceof JsonString text ? text.getString() : "";
            if (!name.matches("[A-Za-z0-9]{0,16}")) {
                throw fault("its currency has no name such as USD", null);
            }
            return Optional.of(new Answer(amount.dividedBy(units), name.isEmpty() ? "wei" : name));
        } catch (Fault e) {
            throw e;
        } catch (RuntimeException e) {
            // Parsson has no type of its own for what is nested too deeply.
            throw fault("its answer is no JSON object", e);
        }
    }

    /** Not negative, and of no more digits than a price has. */
    private static Rational amount(JsonObject terms, String key) {
        if (terms.get(key) instanceof JsonNumber number) {
            BigDecimal amount = number.bigDecimalValue();
            if (amount.signum() >= 0 && amount.precision() <= MAX_DIGITS && Math.abs(amount.scale()) <= MAX_DIGITS) {
                return amount.scale() > 0
                        ? new Rational(amount.unscaledValue(), BigInteger.TEN.pow(amount.scale()))
                        : Rational.of(amount.toBigIntegerExact());
            }
        }
        throw fault("its " + key + " is no number that is not negative", null);
    }

    private static Fault fault(String what, Exception cause) {
        return new Fault(Fault.Consequence.RETRY_HERE, "the webhook of " + PID + " (priceUrl): " + what, cause);
    }

    @Deactivate
    void close() {
        client.ifPresent(HttpClient::shutdownNow);
    }
}
