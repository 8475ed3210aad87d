package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.node.Endpoint;
import io.millrace.testkit.InMemoryBudget;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.component.ComponentFactory;
import org.osgi.service.component.ComponentInstance;

class RtmpComponentTest {

    private final Endpoints endpoints = new Endpoints();

    @Test
    void theEndpointNamesThePortThatIsOpen() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        Endpoint endpoint = new OpenRtmp(Map.of(OpenRtmp.ADDRESS, endpoints.only().toString()));
        assertEquals("rtmp", endpoint.name());
        assertEquals("rtmp", endpoint.uri().getScheme());
        assertTrue(endpoint.uri().getPort() > 0);
        new TestPublisher(endpoint.uri().getPort()).close();
        component.close();
        assertEquals(List.of(), endpoints.open);
    }

    @Test
    void keysAndLimitsChangeWhileAPublisherGoesOn() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        int port = endpoints.only().getPort();
        try (TestPublisher first = new TestPublisher(port);
                TestPublisher second = new TestPublisher(port)) {
            first.handshake();
            first.connect("live");
            assertEquals("NetStream.Publish.Start", first.publish("one").code());
            component.change(settings(Map.of("address", "127.0.0.1:0", "keys", new String[] {"two=key"})));
            assertEquals(port, endpoints.only().getPort());
            second.handshake();
            second.connect("live");
            assertEquals("NetStream.Publish.Denied", second.publish("two").code());
            first.command(0, "deleteStream", 6, null, 1);
            assertEquals("NetStream.Unpublish.Success", first.status().code(), "the first is still connected");
        } finally {
            component.close();
        }
    }

    @Test
    void keysAreReadWhereAReferenceSaysTheyAre(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), "one=key\ntwo=key\n");
        String[] keys = {"file:" + file};
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0", "keys", keys));
        try (TestPublisher publisher = new TestPublisher(endpoints.only().getPort())) {
            publisher.handshake();
            publisher.connect("live");
            assertEquals("NetStream.Publish.Denied", publisher.publish("two").code());
            Files.delete(file);
            RtmpSettings gone = settings(Map.of("address", "127.0.0.1:0", "keys", keys));
            assertThrows(IllegalArgumentException.class, () -> component.change(gone));
        } finally {
            component.close();
        }
    }

    @Test
    void anotherAddressIsOpenedBeforeTheOldOneIsClosed() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        int before = endpoints.only().getPort();
        try (ServerSocket taken = new ServerSocket(0)) {
            RtmpSettings bad = settings(Map.of("address", "127.0.0.1:" + taken.getLocalPort()));
            assertThrows(IllegalStateException.class, () -> component.change(bad));
            assertEquals(before, endpoints.only().getPort(), "the old address goes on");
            new TestPublisher(before).close();
            component.change(settings(Map.of("address", "localhost:0")));
            assertTrue(endpoints.only().getPort() != before);
            assertThrows(ConnectException.class, () -> new TestPublisher(before));
        } finally {
            component.close();
        }
    }

    @Test
    void aPublisherGoesOnAtTheAddressThatWasLeft() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        int before = endpoints.only().getPort();
        try (TestPublisher first = publishing(before, "one")) {
            component.change(settings(Map.of("address", "localhost:0")));
            publishing(endpoints.only().getPort(), "two").close();
            first.command(0, "deleteStream", 6, null, 1);
            assertEquals("NetStream.Unpublish.Success", first.status().code(), "the first is still connected");
        } finally {
            component.close();
        }
    }

    @Test
    void anotherHostOnTheSamePortIsOpenedWhereTheOldOneWas() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        int port = endpoints.only().getPort();
        try (TestPublisher first = publishing(port, "one")) {
            component.change(settings(Map.of("address", "127.0.0.2:" + port)));
            assertThrows(ConnectException.class, () -> new TestPublisher(port));
            assertEquals("127.0.0.2", endpoints.only().getHost());
            RtmpSettings nobodys = settings(Map.of("address", "192.0.2.1:" + port));
            assertThrows(IllegalStateException.class, () -> component.change(nobodys));
            assertEquals("127.0.0.2", endpoints.only().getHost(), "the last good address is open again");
            component.change(settings(Map.of("address", "127.0.0.1:" + port)));
            publishing(port, "two").close();
            first.command(0, "deleteStream", 6, null, 1);
            assertEquals("NetStream.Unpublish.Success", first.status().code(), "the first is still connected");
        } finally {
            component.close();
        }
    }

    @Test
    void thoseAtAnAddressThatWasLeftEndWithTheIngest() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        try (TestPublisher first = publishing(endpoints.only().getPort(), "one")) {
            component.change(settings(Map.of("address", "localhost:0")));
            component.close();
            assertThrows(IOException.class, first::status);
        }
    }

    @Test
    void anAddressThatCannotBeTakenIsNamedWithWhatToDo() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        try (ServerSocket taken = new ServerSocket(0)) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            RtmpSettings bad = settings(Map.of("address", address, "keys", new String[] {"other=key"}));
            IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> component.change(bad));
            String message = refusal.getMessage();
            assertTrue(message.contains(address) && message.contains("io.millrace.media.rtmp"), message);
            assertNull(refusal.getCause(), "the first cause is what operators are shown");
            publishing(endpoints.only().getPort(), "one").close();
        } finally {
            component.close();
        }
    }

    @Test
    void aPortThatIsTakenAtTheStartIsOpenedOnceItIsFree() throws Exception {
        ServerSocket taken = new ServerSocket(0);
        int port = taken.getLocalPort();
        RtmpComponent component = component(Map.of("address", "127.0.0.1:" + port));
        try {
            assertEquals(List.of(), endpoints.open);
            component.change(settings(Map.of("address", "127.0.0.1:" + port, "maxPublishers", 3)));
            taken.close();
            assertTrue(endpoints.opened.tryAcquire(60, TimeUnit.SECONDS), "it is tried again");
            assertEquals(port, endpoints.only().getPort());
            new TestPublisher(port).close();
        } finally {
            taken.close();
            component.close();
        }
    }

    @Test
    void anotherAddressEndsTheWaitForOneThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            RtmpComponent component = component(Map.of("address", "127.0.0.1:" + taken.getLocalPort()));
            component.change(settings(Map.of("address", "127.0.0.1:0")));
            new TestPublisher(endpoints.only().getPort()).close();
            component.close();
        }
    }

    @Test
    void aBadSettingIsNamed() {
        for (Map<String, Object> setting :
                List.<Map<String, Object>>of(
                        Map.of("address", "nowhere"),
                        Map.of("address", ":70000"),
                        Map.of("segmentSeconds", 0),
                        Map.of("keys", new String[] {"nokey"}))) {
            String name = setting.keySet().iterator().next();
            String message =
                    assertThrows(IllegalArgumentException.class, () -> component(setting)).getMessage();
            assertTrue(message.contains(name), message);
        }
    }

    /** Who closes the ingest may hold what the node needs to be told of an address. */
    @Test
    void theNodeIsToldOfAnAddressWithoutALock() throws Exception {
        Thread[] closing = new Thread[1];
        RtmpPorts[] listening = new RtmpPorts[1];
        listening[0] = new RtmpPorts(
                address -> RtmpServer.open(
                        address,
                        (name, peer) -> null,
                        () -> TestServer.LIMITS,
                        InMemoryBudget.ample(),
                        InstantSource.system()),
                uri -> {
                    closing[0] = Thread.ofVirtual().start(listening[0]::close);
                    try {
                        assertTrue(closing[0].join(Duration.ofSeconds(20)), "closing waits for who tells the node");
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return () -> endpoints.open.add(uri);
                },
                Duration.ofSeconds(1));
        listening[0].begin(ListenAddress.parse("127.0.0.1:0"));
        int port = endpoints.only().getPort();
        assertThrows(ConnectException.class, () -> new TestPublisher(port), "what was opened meanwhile is closed");
    }

    /** One whose stream has begun. */
    private static TestPublisher publishing(int port, String stream) throws Exception {
        TestPublisher publisher = new TestPublisher(port);
        publisher.handshake();
        publisher.connect("live");
        assertEquals("NetStream.Publish.Start", publisher.publish(stream).code());
        return publisher;
    }

    private RtmpComponent component(Map<String, Object> given) {
        return new RtmpComponent(settings(given), new RecordingGate(), List::of, InMemoryBudget.ample(), endpoints);
    }

    /** The addresses that the node is told of. */
    private static final class Endpoints implements ComponentFactory<OpenRtmp> {
        final List<URI> open = new CopyOnWriteArrayList<>();
        final Semaphore opened = new Semaphore(0);

        URI only() {
            assertEquals(1, open.size(), open.toString());
            return open.getFirst();
        }

        @Override
        public ComponentInstance<OpenRtmp> newInstance(Dictionary<String, ?> properties) {
            URI uri = URI.create((String) properties.get(OpenRtmp.ADDRESS));
            open.add(uri);
            opened.release();
            return new ComponentInstance<>() {
                @Override
                public void dispose() {
                    open.remove(uri);
                }

                @Override
                public OpenRtmp getInstance() {
                    throw new UnsupportedOperationException("nobody asks");
                }
            };
        }
    }

    private static RtmpSettings settings(Map<String, Object> given) {
        return (RtmpSettings)
                Proxy.newProxyInstance(
                        RtmpSettings.class.getClassLoader(),
                        new Class<?>[] {RtmpSettings.class},
                        (proxy, method, arguments) ->
                                given.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
