package io.millrace.media.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.StreamGate;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.value.ManifestId;
import io.millrace.media.push.PushStreams.Entrance;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushStreamsTest {

    private static final String HERE = "192.0.2.1";
    private static final String THERE = "192.0.2.2";

    private final ScriptedGate gate = new ScriptedGate();
    private final ManualClock clock = new ManualClock();
    private final PushStreams streams = new PushStreams(gate, clock);

    private static StreamSpec spec(String name) {
        return new StreamSpec(new ManifestId(name), List.of(), "http", true, 1);
    }

    private Entrance enter(String name, String sender, int most) throws Exception {
        return streams.enter(new ManifestId(name), () -> spec(name), sender, most);
    }

    private void push(String name, String sender, int most) throws Exception {
        streams.leave(assertInstanceOf(Entrance.Entered.class, enter(name, sender, most)).stream());
    }

    @Test
    void anAddressOpensSoManyStreamsAndOthersAreNotShutOut() throws Exception {
        push("a", HERE, 2);
        push("b", HERE, 2);
        assertInstanceOf(Entrance.TooMany.class, enter("c", HERE, 2));
        push("c", THERE, 2);
        push("a", HERE, 2);
        assertEquals(3, gate.opened.size());
    }

    @Test
    void aStreamThatEndedMakesRoomForAnotherOfItsAddress() throws Exception {
        push("a", HERE, 1);
        clock.advance(PushStreams.IDLE.plus(Duration.ofSeconds(1)));
        streams.sweep();
        push("b", HERE, 1);
        streams.close();
        push("c", HERE, 1);
    }

    @Test
    void aStreamThatWasNotLetInDoesNotCount() throws Exception {
        gate.denial.set(new StreamGate.Opening.Denied(StreamGate.Reason.CAPPED, "full"));
        assertInstanceOf(Entrance.Refused.class, enter("a", HERE, 1));
        gate.denial.set(null);
        push("b", HERE, 1);
    }

    @Test
    void theGatewayIsCalledWithoutALock() throws Exception {
        StreamGate calledBack = spec -> {
            elsewhere(() -> {
                PushStreams now = reentered;
                now.sweep();
                now.close();
            });
            return gate.open(spec);
        };
        reentered = new PushStreams(calledBack, clock);
        Entrance entrance = reentered.enter(new ManifestId("a"), () -> spec("a"), HERE, 0);
        assertInstanceOf(Entrance.Entered.class, entrance);
        long open = gate.opened.stream().filter(door -> !door.closed).count();
        assertEquals(1, open, "what was opened for a stream that had been closed meanwhile is closed");
    }

    private PushStreams reentered;
    private boolean once;

    /** Runs on another thread and waits for its end; once only. */
    private void elsewhere(Runnable task) {
        if (once) {
            return;
        }
        once = true;
        Thread other = Thread.ofVirtual().start(task);
        try {
            assertTrue(other.join(Duration.ofSeconds(20)), "it waits for who called the gateway");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
