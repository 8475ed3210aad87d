package io.millrace.http.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerWarningsTest {

    private static final PeerAddress SOMEBODY = PeerAddress.of(InetAddress.ofLiteral("203.0.113.1"));

    private Instant now = Instant.EPOCH;
    private final List<String> lines = new ArrayList<>();
    private final PeerWarnings warnings = new PeerWarnings("service", () -> now, (line, failure) -> lines.add(line));

    @Test
    void theFirstIsLoggedAndTheOthersAreCountedOnceAMinute() {
        for (int i = 0; i < 13_000; i++) {
            warnings.warn("a call was refused as busy", SOMEBODY);
            warnings.report();
        }
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().startsWith("Server 'service': a call was refused as busy (203.0.113.1)."));

        now = now.plus(PeerWarnings.PAUSE);
        warnings.report();
        assertEquals("Server 'service': a call was refused as busy, 12999 more times.", lines.get(1));
        warnings.report();
        assertEquals(2, lines.size());
    }

    @Test
    void afterAQuietMinuteTheFirstIsLoggedAgain() {
        warnings.warn("a call was refused as busy", SOMEBODY);
        now = now.plus(PeerWarnings.PAUSE);
        warnings.report();
        warnings.warn("a call was refused as busy", SOMEBODY);
        assertEquals(2, lines.size());
    }

    @Test
    void kindsAreBounded() {
        for (int i = 0; i < 10 * PeerWarnings.MOST_KINDS; i++) {
            warnings.warn("kind " + i, SOMEBODY);
        }
        assertEquals(PeerWarnings.MOST_KINDS, lines.size());
        now = now.plus(PeerWarnings.PAUSE);
        warnings.report();
        assertEquals("Server 'service': something else happened, 900 more times.", lines.getLast());
    }
}
