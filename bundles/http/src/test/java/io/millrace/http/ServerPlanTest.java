package io.millrace.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerPlanTest {

    @ParameterizedTest
    @CsvSource({
        ":8935,                 '',          8935, http://127.0.0.1:8935",
        "0.0.0.0:8935,          0.0.0.0,     8935, http://127.0.0.1:8935",
        "127.0.0.1:9935,        127.0.0.1,   9935, http://127.0.0.1:9935",
        "' localhost:0 ',       localhost,   0,    http://localhost:4711",
        "[::1]:9935,            ::1,         9935, http://[::1]:9935",
        "[::]:9935,             ::,          9935, http://127.0.0.1:9935",
    })
    void anAddressIsHostAndPort(String address, String host, int port, URI reached) {
        ServerPlan plan = plan(Map.of("address", address));
        assertEquals(host, plan.host());
        assertEquals(port, plan.port());
        assertEquals(reached, plan.reachedAt(port == 0 ? 4711 : port));
    }

    @ParameterizedTest
    @CsvSource({
        "address,                '''''',   host:port",
        "address,                8935,     host:port",
        "address,                :x,       host:port",
        "address,                :65536,   host:port",
        "address,                :-1,      host:port",
        "address,                ::1:80,   host:port",
        "uri,                    host:1,   https://host:port",
        "uri,                    'a b',    https://host:port",
        "name,                   ' ',      name",
    })
    void aWrongTextIsNamedWithWhatIsRight(String key, String value, String right) {
        var problem = assertThrows(IllegalArgumentException.class, () -> plan(Map.of(key, value)));
        assertTrue(problem.getMessage().contains("'" + key + "'"), problem.getMessage());
        assertTrue(problem.getMessage().contains(right), problem.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"maxCalls, 0", "maxConnections, 0", "maxHeaderBytes, 100", "parkSeconds, 61", "drainSeconds, -1"})
    void aNumberOutOfRangeIsNamed(String key, int value) {
        var problem = assertThrows(IllegalArgumentException.class, () -> plan(Map.of(key, value)));
        assertTrue(problem.getMessage().startsWith("'" + key + "' is " + value), problem.getMessage());
    }

    @Test
    void tlsNeedsADirectory() {
        var problem = assertThrows(IllegalArgumentException.class, () -> plan(Map.of("tls", true)));
        assertTrue(problem.getMessage().contains("'directory'"), problem.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "'',          '',                           :8935,          localhost",
        "'',          '',                           10.0.0.1:8935,  10.0.0.1",
        "'',          https://node.example:8935,    :8935,          node.example",
        "'',          'https://[2001:db8::1]:8935', :8935,          2001:db8::1",
        "set.example, https://node.example:8935,    :8935,          set.example",
    })
    void theCertificateIsForWhatClientsUse(String set, String uri, String address, String host) {
        assertEquals(
                host,
                plan(Map.of("certificateHost", set, "uri", uri, "address", address)).certificateHost());
    }

    @Test
    void aPublicUriIsWhereTheServerIsReached() {
        assertEquals(
                URI.create("https://node.example:443"),
                plan(Map.of("uri", "https://node.example:443")).reachedAt(8935));
    }

    @Test
    void pathsComeAsAListOrSeparatedByCommas() {
        var paths = List.of("/segment", "/stream/*", "/net.Orchestrator/*");
        assertEquals(paths, plan(Map.of("paths", paths.toArray(String[]::new))).paths());
        assertEquals(
                paths, plan(Map.of("paths", new String[] {"/segment, /stream/*,/net.Orchestrator/*"})).paths());
    }

    @Test
    void theLargestSegmentIsForTheProtocolToRefuse() {
        // Go-livepeer's MaxSegSize, and the one byte more at which the protocol answers for itself.
        assertTrue(plan(Map.of()).limits().body().maxBytes() > 300_000_001);
    }

    private static ServerPlan plan(Map<String, ?> configured) {
        var settings = new HashMap<String, Object>(Map.of("name", "service", "address", ":8935"));
        settings.putAll(configured);
        return ServerPlan.of(Settings.of(settings));
    }
}
