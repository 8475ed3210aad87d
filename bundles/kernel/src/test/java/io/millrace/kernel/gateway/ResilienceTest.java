package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.node.NodeEvent.AttemptFailed;
import io.millrace.api.node.NodeEvent.Misbehaved;
import io.millrace.api.node.NodeEvent.Selected;
import io.millrace.api.publish.Publisher;
import io.millrace.kernel.lease.Provider;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Policies, verifiers, publishers and directories of third parties that do what they must not. */
class ResilienceTest {

    private static final Provider BAD = new Provider("org.example.bad 1.2.3", 10);

    private final GatewayRig rig = new GatewayRig();
    private final CountDownLatch released = new CountDownLatch(1);

    ResilienceTest() {
        rig.orchestrator("o");
    }

    @AfterEach
    void stop() {
        released.countDown();
        rig.close();
    }

    /** Busy, and deaf to interrupts. */
    private <T> T spin() {
        while (released.getCount() > 0) {
            Thread.onSpinWait();
        }
        return null;
    }

    private void reported(String port, String what) {
        Misbehaved it = rig.events.await(Misbehaved.class);
        assertEquals(BAD.name(), it.bundle());
        assertEquals(port, it.port());
        assertTrue(it.what().contains(what), it.what());
    }

    @Test
    void aPolicyThatNeverReturnsIsReplacedByTheStandardOneAndSetAside() {
        rig.ports.policies().bind((spec, candidates) -> spin(), BAD);
        Stream stream = rig.open();
        for (int i = 0; i < 4; i++) {
            rig.transcoded(rig.send(stream, i));
        }
        reported("selection policy", "did not return within 2.0 s");
        assertEquals(3, rig.events.all(Misbehaved.class).size());
        assertTrue(rig.events.all(Selected.class).getFirst().candidates().getFirst().reason()
                .contains("the selection policy failed: org.example.bad 1.2.3 did not return"));
        assertEquals(
                List.of("the selection policy of org.example.bad 1.2.3 does not return from its calls and is not called"
                        + " any more; update or stop that bundle"),
                rig.gateway.cautions());
    }

    @Test
    void aPolicyThatRanksNobodyKnownIsSaidToVeto() {
        rig.ports.policies().bind((spec, candidates) -> null, BAD);
        rig.transcoded(rig.send(rig.open(), 0));
        reported("selection policy", "NullPointerException");
    }

    @Test
    void aVerifierThatFailsIsNoReasonToBlameTheOrchestrator() {
        rig.ports.verifiers().bind(
                (source, offer, result, renditions) -> {
                    throw new ExceptionInInitializerError("no model file");
                },
                BAD);
        rig.transcoded(rig.send(rig.open(), 0));
        reported("verifier", "no model file");
        assertEquals(List.of(), rig.events.all(AttemptFailed.class));
    }

    @Test
    void aDirectoryThatFailsHidesNobodyElses() {
        rig.ports.directories().bind(
                () -> {
                    throw new StackOverflowError();
                },
                BAD);
        rig.transcoded(rig.send(rig.open(), 0));
        reported("directory", "StackOverflowError");
    }

    @Test
    void aPublisherThatNeverReturnsStopsNoOtherAndIsToldNoMore() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        rig.ports.publishers().bind(
                spec -> {
                    calls.incrementAndGet();
                    return spin();
                },
                BAD);
        Stream stream = rig.open();
        for (int i = 0; i < 4; i++) {
            rig.transcoded(rig.send(stream, i));
        }
        stream.end();
        rig.published().awaitClosed();
        assertEquals(4, rig.published().sources().size());
        assertEquals(2, rig.published().renditions().get(3L).size());
        assertEquals(1, calls.get());
        reported("publisher", "did not return within 5.0 s");
    }

    @Test
    void aPublisherThatFailsAtOneSegmentGetsTheNext() {
        AtomicInteger sources = new AtomicInteger();
        rig.ports.publishers().bind(new Publisher() {
            @Override
            public Publication open(StreamSpec stream) {
                return new Publication() {
                    @Override
                    public void source(Segment segment, MediaInfo info) {
                        if (sources.getAndIncrement() == 0) {
                            throw new NoSuchMethodError("org.example.Old.gone()");
                        }
                    }

                    @Override
                    public void renditions(Segment segment, List<Rendition> renditions) {
                        // not the point
                    }

                    @Override
                    public void close() {
                        // not the point
                    }
                };
            }
        }, BAD);
        Stream stream = rig.open();
        rig.transcoded(rig.send(stream, 0));
        rig.transcoded(rig.send(stream, 1));
        assertEquals(2, sources.get());
        reported("publisher", "NoSuchMethodError");
    }
}
