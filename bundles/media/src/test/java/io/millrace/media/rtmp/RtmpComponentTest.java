package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
    void aTakenPortIsNamedWithWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            String message =
                    assertThrows(IllegalStateException.class, () -> component(Map.of("address", address))).getMessage();
            assertTrue(message.contains(address) && message.contains("io.millrace.media.rtmp"), message);
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
        RtmpSettings settings =
                (RtmpSettings)
                        Proxy.newProxyInstance(
                                RtmpSettings.class.getClassLoader(),
                                new Class<?>[] {RtmpSettings.class},
                                (proxy, method, arguments) ->
                                        given.getOrDefault(method.getName(), method.getDefaultValue()));
        return new RtmpComponent(settings, new RecordingGate(), List::of);
    }
}
