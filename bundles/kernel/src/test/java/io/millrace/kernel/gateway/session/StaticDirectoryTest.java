package io.millrace.kernel.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.network.Directory.Listing;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaticDirectoryTest {

    private static List<String> read(String... entries) {
        return StaticDirectory.of(List.of(entries)).listings().stream()
                .map(Listing::address)
                .map(Object::toString)
                .toList();
    }

    @Test
    void entriesMayBeShort() {
        assertEquals(
                List.of("https://a:8935", "https://b:9000", "https://127.0.0.1:8936", "https://[::1]:8935"),
                read("a", "https://b:9000/", "127.0.0.1:8936", "[::1]"));
    }

    @Test
    void oneEntryMayBeAListAndEachAddressCountsOnce() {
        assertEquals(List.of("https://a:8935", "https://b:8935"), read(" a , b,,a:8935 "));
    }

    @Test
    void thisVeryNodeHasAnAddress() {
        assertEquals(List.of("loopback:local"), read("loopback:"));
    }

    @Test
    void nothingIsNobody() {
        assertEquals(List.of(), read(""));
    }

    @Test
    void everyBadEntryIsNamed() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> read("good:8935", "ftp://x", "a b", "host:port"))
                .getMessage();
        assertTrue(message.contains("'ftp://x'") && message.contains("'a b'") && message.contains("'host:port'"), message);
        assertTrue(!message.contains("'good:8935'"), message);
    }
}
