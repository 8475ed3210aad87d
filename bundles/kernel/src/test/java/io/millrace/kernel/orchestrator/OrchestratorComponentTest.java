package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.node.Endpoint;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Price;
import io.millrace.kernel.payment.OnePrice;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.PassThroughPipeline;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;

class OrchestratorComponentTest {

    @TempDir
    Path directory;

    private static OrchestratorConfiguration settings(Map<String, Object> changes) {
        return (OrchestratorConfiguration) Proxy.newProxyInstance(
                OrchestratorConfiguration.class.getClassLoader(),
                new Class<?>[] {OrchestratorConfiguration.class},
                (proxy, method, arguments) -> changes.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private OrchestratorComponent component(Map<String, Object> changes) {
        Map<String, Object> all = new HashMap<>(changes);
        all.put("directory", directory.toString());
        OrchestratorComponent component = new OrchestratorComponent(
                settings(all), InMemoryBudget.ample(), OnePrice.noCurrencies(InstantSource.system()));
        component.bindPipeline(new PassThroughPipeline(), offered());
        return component;
    }

    /** A service whose bundle has left already. */
    @SuppressWarnings("unchecked")
    private static ServiceReference<Pipeline> offered() {
        return (ServiceReference<Pipeline>) Proxy.newProxyInstance(
                ServiceReference.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) -> null);
    }

    private static Deadline deadline() {
        return Deadline.in(Duration.ofSeconds(30), InstantSource.system());
    }

    private static Quote quote(OrchestratorComponent component) {
        return component.quote(Rig.SPEC, Caller.ANONYMOUS, deadline());
    }

    private static Completion work(OrchestratorComponent component, AuthToken token) {
        Accepted accepted = assertInstanceOf(
                Accepted.class, component.submit(Optional.of(token), Rig.job(1), Payment.NONE, deadline()));
        return accepted.await(deadline());
    }

    @Test
    void theNextOfferCarriesAChangedPrice() {
        Map<String, Object> changes = new HashMap<>(Map.of("serviceUri", "https://127.0.0.1:1"));
        OrchestratorComponent component = component(changes);
        assertEquals(Optional.empty(), assertInstanceOf(Offer.class, quote(component)).price());
        changes.put("pricePerUnit", "1200");
        changes.put("pixelsPerUnit", 7L);
        component.modified(settings(changes));
        assertEquals(Optional.of(Price.of(1200, 7)), assertInstanceOf(Offer.class, quote(component)).price());
        changes.put("pixelsPerUnit", 0L);
        assertThrows(IllegalArgumentException.class, () -> component.modified(settings(changes)));
        assertEquals(Optional.of(Price.of(1200, 7)), assertInstanceOf(Offer.class, quote(component)).price());
        component.deactivate();
    }

    @Test
    void theDefaultsAreThoseOfTheNetwork() {
        assertEquals(OrchestratorSettings.STANDARD, OrchestratorSettings.of(settings(Map.of())));
    }

    @Test
    void itServesAtTheAddressOfItsServicePortUnlessAnotherIsSet() {
        OrchestratorComponent component = component(Map.of());
        assertEquals(1, component.obstacles().size());
        Endpoint service = new Endpoint() {
            @Override
            public String name() {
                return "service";
            }

            @Override
            public URI uri() {
                return URI.create("https://127.0.0.1:4711");
            }
        };
        component.bindEndpoint(service);
        assertEquals(List.of(), component.obstacles());
        assertEquals(service.uri(), assertInstanceOf(Offer.class, quote(component)).endpoint());
        component.modified(settings(Map.of("serviceUri", "https://example.org:8935")));
        assertEquals(
                URI.create("https://example.org:8935"),
                assertInstanceOf(Offer.class, quote(component)).endpoint());
        component.deactivate();
    }

    @Test
    void limitsChangeWhileSessionsGoOn() {
        OrchestratorComponent component = component(Map.of("serviceUri", "https://example.org:8935"));
        AuthToken token = assertInstanceOf(Offer.class, quote(component)).token();
        Completion.Done done = assertInstanceOf(Completion.Done.class, work(component, token));
        component.modified(settings(Map.of("serviceUri", "https://example.org:8935", "maxSessions", 1)));
        assertEquals(Refusal.Reason.CAPPED, assertInstanceOf(Refusal.class, quote(component)).reason());
        assertInstanceOf(Completion.Done.class, work(component, token));
        assertTrue(component.get(done.outputs().getFirst().location()).isPresent());
        component.deactivate();
    }

    @Test
    void itsTokensSurviveARestart() {
        OrchestratorComponent before = component(Map.of("serviceUri", "https://example.org:8935"));
        AuthToken token = assertInstanceOf(Offer.class, quote(before)).token();
        before.deactivate();
        OrchestratorComponent after = component(Map.of("serviceUri", "https://example.org:8935"));
        assertInstanceOf(Completion.Done.class, work(after, token));
        after.deactivate();
    }

    @Test
    void aValueThatMakesNoSenseNamesItsKey() {
        assertNames("maxSessions", Map.of("maxSessions", 0));
        assertNames("queue", Map.of("queue", -1));
        assertNames("sessionIdleSeconds", Map.of("sessionIdleSeconds", 0));
        assertNames("serviceUri", Map.of("serviceUri", "example.org:8935"));
        assertNames("serviceUri", Map.of("serviceUri", "https://no such host"));
    }

    private void assertNames(String key, Map<String, Object> changes) {
        String message = assertThrows(IllegalArgumentException.class, () -> component(changes))
                .getMessage();
        assertTrue(message.startsWith(key + " is "), message);
    }
}
