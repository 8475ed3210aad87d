package io.millrace.http.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.http.peer.PeerAddress;
import io.millrace.http.peer.PeerWarnings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class CallsTest {

    private final Calls calls = new Calls(limits(100, 1000));
    private final Gate viewers = gate();
    private final Gate publishers = gate();

    @Test
    void slowViewersLeaveRoomForPublishers() {
        assertEquals(75, enterAll(viewers));
        assertEquals(25, enterAll(publishers));
    }

    @Test
    void aLonelyGateHasAllTheRoom() {
        var alone = new Calls(limits(100, 1000));
        alone.divideAmong(viewers);
        int entered = 0;
        while (alone.enter(viewers, address(1))) {
            entered++;
        }
        assertEquals(100, entered);
    }

    @Test
    void roomThatIsLeftIsRoomForOthers() {
        enterAll(viewers);
        assertEquals(25, enterAll(publishers));
        calls.leave(viewers, address(1));
        assertTrue(calls.enter(publishers, address(1)));
        assertFalse(calls.enter(viewers, address(1)));
    }

    @Test
    void oneAddressTakesOnlyItsShare() {
        calls.limits(limits(100, 3));
        for (int call = 0; call < 3; call++) {
            assertTrue(calls.enter(viewers, address(1)));
        }
        assertFalse(calls.enter(publishers, address(1)));
        assertTrue(calls.enter(publishers, address(2)));
        calls.leave(viewers, address(1));
        assertTrue(calls.enter(publishers, address(1)));
    }

    private int enterAll(Gate gate) {
        int entered = 0;
        while (calls.enter(gate, address(1))) {
            entered++;
        }
        return entered;
    }

    private Gate gate() {
        var gate = new Gate(calls, new PeerWarnings("test", InstantSource.system(), (line, failure) -> {}));
        calls.divideAmong(gate);
        return gate;
    }

    private static GateLimits limits(int calls, int perAddress) {
        return new GateLimits(calls, perAddress, Duration.ZERO, Duration.ZERO);
    }

    private static PeerAddress address(int last) {
        return PeerAddress.of(new InetSocketAddress(InetAddress.ofLiteral("203.0.113." + last), 1));
    }
}
