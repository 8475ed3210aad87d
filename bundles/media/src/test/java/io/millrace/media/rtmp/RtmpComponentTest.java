package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RtmpComponentTest {

    @Test
    void theEndpointNamesThePortThatIsOpen() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        try {
            assertEquals("rtmp", component.name());
            assertEquals("rtmp", component.uri().getScheme());
            assertTrue(component.uri().getPort() > 0);
            new TestPublisher(component.uri().getPort()).close();
        } finally {
            component.close();
        }
    }

    @Test
    void keysAndLimitsChangeWhileAPublisherGoesOn() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        int port = component.uri().getPort();
        try (TestPublisher first = new TestPublisher(port);
                TestPublisher second = new TestPublisher(port)) {
            first.handshake();
            first.connect("live");
            assertEquals("NetStream.Publish.Start", first.publish("one").code());
            component.change(settings(Map.of("address", "127.0.0.1:0", "keys", new String[] {"two=key"})));
            assertEquals(port, component.uri().getPort());
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
        try (TestPublisher publisher = new TestPublisher(component.uri().getPort())) {
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
        int before = component.uri().getPort();
        try (ServerSocket taken = new ServerSocket(0)) {
            RtmpSettings bad = settings(Map.of("address", "127.0.0.1:" + taken.getLocalPort()));
            assertThrows(IllegalStateException.class, () -> component.change(bad));
            assertEquals(before, component.uri().getPort(), "the old address goes on");
            new TestPublisher(before).close();
            component.change(settings(Map.of("address", "localhost:0")));
            assertTrue(component.uri().getPort() != before);
            assertThrows(ConnectException.class, () -> new TestPublisher(before));
        } finally {
            component.close();
        }
    }

    @Test
    void aPublisherGoesOnAtTheAddressThatWasLeft() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        int before = component.uri().getPort();
        try (TestPublisher first = new TestPublisher(before)) {
            first.handshake();
            first.connect("live");
            assertEquals("NetStream.Publish.Start", first.publish("one").code());
            component.change(settings(Map.of("address", "localhost:0")));
            try (TestPublisher second = new TestPublisher(component.uri().getPort())) {
                second.handshake();
                second.connect("live");
                assertEquals("NetStream.Publish.Start", second.publish("two").code());
            }
            first.command(0, "deleteStream", 6, null, 1);
            assertEquals("NetStream.Unpublish.Success", first.status().code(), "the first is still connected");
        } finally {
            component.close();
        }
    }

    @Test
    void anotherHostOnTheSamePortIsOpenedWhereTheOldOneWas() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        int port = component.uri().getPort();
        try (TestPublisher first = new TestPublisher(port)) {
            first.handshake();
            first.connect("live");
            assertEquals("NetStream.Publish.Start", first.publish("one").code());
            component.change(settings(Map.of("address", "127.0.0.2:" + port)));
            assertThrows(ConnectException.class, () -> new TestPublisher(port));
            assertEquals("127.0.0.2", component.uri().getHost());
            RtmpSettings nobodys = settings(Map.of("address", "192.0.2.1:" + port));
            assertThrows(IllegalStateException.class, () -> component.change(nobodys));
            assertEquals("127.0.0.2", component.uri().getHost(), "the last good address is open again");
            component.change(settings(Map.of("address", "127.0.0.1:" + port)));
            try (TestPublisher second = new TestPublisher(port)) {
                second.handshake();
                second.connect("live");
                assertEquals("NetStream.Publish.Start", second.publish("two").code());
            }
            first.command(0, "deleteStream", 6, null, 1);
            assertEquals("NetStream.Unpublish.Success", first.status().code(), "the first is still connected");
        } finally {
            component.close();
        }
    }

    @Test
    void thoseAtAnAddressThatWasLeftEndWithTheIngest() throws Exception {
        RtmpComponent component = component(Map.of("address", "127.0.0.1:0"));
        try (TestPublisher first = new TestPublisher(component.uri().getPort())) {
            first.handshake();
            first.connect("live");
            assertEquals("NetStream.Publish.Start", first.publish("one").code());
            component.change(settings(Map.of("address", "localhost:0")));
            component.close();
            assertThrows(IOException.class, first::status);
        }
    }

    @Test
    void aTakenPortIsNamedWithWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            IllegalStateException refusal =
                    assertThrows(IllegalStateException.class, () -> component(Map.of("address", address)));
            String message = refusal.getMessage();
            assertTrue(message.contains(address) && message.contains("io.millrace.media.rtmp"), message);
            assertNull(refusal.getCause(), "the first cause is what operators are shown");
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

    private static RtmpComponent component(Map<String, Object> given) {
        return new RtmpComponent(settings(given), new RecordingGate(), List::of);
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
