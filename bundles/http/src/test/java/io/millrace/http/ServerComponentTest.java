package io.millrace.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.node.Endpoint;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.service.component.ComponentFactory;
import org.osgi.service.component.ComponentInstance;

@Timeout(60)
class ServerComponentTest {

    private final BlockingQueue<Endpoint> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<Endpoint> closed = new LinkedBlockingQueue<>();

    @Test
    void aServerServesWhoAsksForItAndIsAnnouncedWhileItIsOpen() throws Exception {
        ServerComponent component = component("http", "127.0.0.1:0");
        component.bindServlet(Answers.with("mine"), Map.of("millrace.http.server", "http", "millrace.http.path", "/a"));
        component.bindServlet(
                Answers.with("another's"), Map.of("millrace.http.server", "admin", "millrace.http.path", "/b"));
        assertNull(opened.peek());
        component.open();
        Endpoint endpoint = opened.remove();
        assertEquals("http", endpoint.name());
        assertEquals("mine", get(endpoint.uri().resolve("/a")));
        assertEquals("404 page not found\n", get(endpoint.uri().resolve("/b")));
        component.close();
        assertEquals(endpoint, closed.remove());
    }

    @Test
    void aPortThatIsTakenIsNamedAndOpenedOnceItIsFree() throws Exception {
        ServerComponent first = component("http", "127.0.0.1:0");
        first.open();
        int port = opened.remove().uri().getPort();

        ServerComponent second = component("http", "127.0.0.1:" + port);
        second.open();
        assertEquals(
                "127.0.0.1:" + port + ": Address already in use. Free it, or set another 'address'.",
                second.problem());
        assertNull(opened.peek());

        first.close();
        Endpoint endpoint = opened.poll(30, TimeUnit.SECONDS);
        assertEquals(port, endpoint.uri().getPort());
        assertEquals("", second.problem());
        second.close();
    }

    @Test
    void aServerThatIsClosedTriesNoMore() throws Exception {
        ServerComponent first = component("http", "127.0.0.1:0");
        first.open();
        ServerComponent second =
                component("http", "127.0.0.1:" + opened.remove().uri().getPort());
        second.open();
        second.close();
        first.close();
        assertNull(opened.peek());
    }

    @Test
    void aWrongConfigurationStartsNothing() {
        assertThrows(IllegalArgumentException.class, () -> component("http", "nonsense"));
    }

    @Test
    void aNewAddressIsServedWhileTheOldOneEnds() throws Exception {
        ServerComponent component = component("http", "127.0.0.1:0");
        component.bindServlet(Answers.with("mine"), Map.of("millrace.http.server", "http", "millrace.http.path", "/a"));
        component.open();
        Endpoint old = opened.remove();
        try (var kept = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(old.uri().resolve("/a")).build();
            assertEquals("mine", kept.send(request, BodyHandlers.ofString()).body());

            component.change(settings("http", "localhost:0", "handoverSeconds", 0));
            Endpoint moved = opened.remove();
            assertEquals(old, closed.remove());
            assertEquals("mine", get(moved.uri().resolve("/a")));
            awaitRefusal(old.uri());
            assertEquals("mine", kept.send(request, BodyHandlers.ofString()).body());
        }
        component.close();
    }

    @Test
    void thePortOfBeforeCanBeUsedInAnotherWay() throws Exception {
        ServerComponent component = component("http", "127.0.0.1:0");
        component.bindServlet(Answers.with("mine"), Map.of("millrace.http.server", "http", "millrace.http.path", "/a"));
        component.open();
        opened.remove();
        component.change(settings("http", "localhost:0"));
        int port = opened.remove().uri().getPort();
        component.change(settings("http", "127.0.0.1:" + port));
        Endpoint there = opened.poll(30, TimeUnit.SECONDS);
        component.change(settings("http", ":" + port));
        assertEquals("mine", get(opened.remove().uri().resolve("/a")));
        assertEquals(port, there.uri().getPort());
        component.close();
    }

    @Test
    void anAddressThatCannotBeOpenedIsRefusedAndTheOldOneStaysOpen() throws Exception {
        ServerComponent first = component("other", "127.0.0.1:0");
        first.open();
        int taken = opened.remove().uri().getPort();
        ServerComponent component = component("http", "127.0.0.1:0");
        component.bindServlet(Answers.with("mine"), Map.of("millrace.http.server", "http", "millrace.http.path", "/a"));
        component.open();
        Endpoint old = opened.remove();
        var settings = settings("http", "127.0.0.1:" + taken);
        assertEquals(
                "127.0.0.1:" + taken + ": Address already in use. Free it, or set another 'address'.",
                assertThrows(IllegalStateException.class, () -> component.change(settings)).getMessage());
        assertEquals("mine", get(old.uri().resolve("/a")));
        assertEquals("", component.problem(), "what was refused is no problem of the server");
        assertThrows(IllegalArgumentException.class, () -> component.change(settings("http", "nonsense")));
        assertEquals("mine", get(old.uri().resolve("/a")));

        first.close();
        closed.remove();
        component.change(settings);
        assertEquals(taken, opened.remove().uri().getPort());
        assertEquals(old, closed.remove());
        component.close();
    }

    @Test
    void anotherPublicUriIsAnnouncedWithoutTouchingThePort() {
        ServerComponent component = component("http", "127.0.0.1:0");
        component.open();
        Endpoint old = opened.remove();
        component.change(settings("http", "127.0.0.1:0", "uri", "https://example.org:8935"));
        assertEquals(URI.create("https://example.org:8935"), opened.remove().uri());
        assertEquals(old, closed.remove());
        component.change(settings("http", "127.0.0.1:0", "uri", "https://example.org:8935", "maxCalls", 7));
        assertNull(opened.peek());
        component.close();
    }

    private static void awaitRefusal(URI uri) throws Exception {
        while (true) {
            try (var _ = new Socket(uri.getHost(), uri.getPort())) {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (ConnectException e) {
                return;
            }
        }
    }

    private ServerComponent component(String name, String address, Object... more) {
        return new ServerComponent(settings(name, address, more), new Endpoints());
    }

    private static ServerSettings settings(String name, String address, Object... more) {
        var configured = new HashMap<String, Object>(Map.of("name", name, "address", address));
        for (int i = 0; i < more.length; i += 2) {
            configured.put((String) more[i], more[i + 1]);
        }
        return Settings.of(configured);
    }

    private static String get(URI uri) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }

    /** What the framework makes of the endpoint's component. */
    private final class Endpoints implements ComponentFactory<OpenEndpoint> {

        @Override
        public ComponentInstance<OpenEndpoint> newInstance(Dictionary<String, ?> properties) {
            var values = new HashMap<String, Object>();
            for (Enumeration<String> keys = properties.keys(); keys.hasMoreElements(); ) {
                String key = keys.nextElement();
                values.put(key, properties.get(key));
            }
            var endpoint = new OpenEndpoint(values);
            opened.add(endpoint);
            return new ComponentInstance<>() {
                @Override
                public void dispose() {
                    closed.add(endpoint);
                }

                @Override
                public OpenEndpoint getInstance() {
                    return endpoint;
                }
            };
        }
    }
}
