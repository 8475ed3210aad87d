package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.JobSpec;
import io.millrace.api.network.Links;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.publish.Publisher;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bundles around a gateway are replaced while its streams run. */
class HotSwapTest {

    private static final int STREAMS = 4;
    private static final int SEGMENTS = 250;

    private final GatewayRig rig = new GatewayRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    /** A protocol bundle: nothing of it works once it is gone. */
    private static final class Bundle implements Links {
        private final Orchestrator network;
        private volatile boolean gone;

        Bundle(Orchestrator network) {
            this.network = network;
        }

        private void use() {
            if (gone) {
                throw new Fault(Fault.Consequence.SUSPEND_PEER, "the bundle is gone");
            }
        }

        @Override
        public Orchestrator link(URI address, Optional<URI> configured) {
            use();
            return new Orchestrator() {
                @Override
                public Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
                    use();
                    return network.quote(spec, caller, deadline);
                }

                @Override
                public Submission submit(Optional<AuthToken> token, Job job, Payment payment, Deadline deadline) {
                    use();
                    Accepted accepted = (Accepted) network.submit(token, job, payment, deadline);
                    return new Accepted() {
                        @Override
                        public Completion await(Deadline limit) {
                            Thread.yield();
                            use();
                            return accepted.await(limit);
                        }

                        @Override
                        public void close() {
                            use();
                        }
                    };
                }

                @Override
                public LiveOpening open(
                        Optional<AuthToken> token, LiveSpec spec, Payment payment, Deadline deadline) {
                    return network.open(token, spec, payment, deadline);
                }

                @Override
                public LiveOpening attach(Optional<AuthToken> token, ManifestId manifest, Deadline deadline) {
                    return network.attach(token, manifest, deadline);
                }

                @Override
                public Quote credit(
                        Optional<AuthToken> token, BalanceId balance, Payment payment, Deadline deadline) {
                    return network.credit(token, balance, payment, deadline);
                }

                @Override
                public Optional<Refusal> end(AuthToken token, Deadline deadline) {
                    return network.end(token, deadline);
                }
            };
        }
    }

    private List<SegmentResult> runStreams() throws InterruptedException {
        List<SegmentResult> results = new ArrayList<>();
        List<Thread> publishers = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            Stream stream = rig.open("s" + i);
            publishers.add(Thread.ofVirtual().start(() -> {
                for (int sequence = 0; sequence < SEGMENTS; sequence++) {
                    SegmentResult result = rig.send(stream, sequence);
                    synchronized (results) {
                        results.add(result);
                    }
                }
                stream.end();
            }));
        }
        for (Thread publisher : publishers) {
            publisher.join();
        }
        return results;
    }

    private void swapWhile(AtomicBoolean running, Runnable swap, Set<Integer> count) {
        int swaps = 0;
        while (running.get()) {
            swap.run();
            count.add(swaps++);
        }
    }

    @Test
    void noSegmentFailsWhileTheProtocolBundleIsReplaced() throws InterruptedException {
        ScriptedOrchestrator o = rig.orchestrator("o");
        Bundle[] current = {new Bundle(o)};
        rig.ports.links().bind(current[0], 0);
        rig.ports.links().unbind(rig.links);
        AtomicBoolean running = new AtomicBoolean(true);
        Set<Integer> swaps = ConcurrentHashMap.newKeySet();
        Thread swapper = Thread.ofPlatform().start(() -> swapWhile(
                running,
                () -> {
                    Bundle next = new Bundle(o);
                    // every other time the old one goes before the new one comes: callers park
                    if (swaps.size() % 2 == 0) {
                        rig.ports.links().bind(next, 0);
                    }
                    assertTrue(rig.ports.links().unbind(current[0]));
                    current[0].gone = true;
                    rig.ports.links().bind(next, 0);
                    current[0] = next;
                },
                swaps));
        List<SegmentResult> results = runStreams();
        running.set(false);
        swapper.join();
        assertEquals(STREAMS * SEGMENTS, results.size());
        results.forEach(result -> assertInstanceOf(SegmentResult.Transcoded.class, result));
        assertEquals(List.of(), rig.events.all(NodeEvent.AttemptFailed.class));
        assertEquals(STREAMS * SEGMENTS, rig.payer.settled.size());
        assertTrue(swaps.size() > 3, () -> swaps.size() + " swaps");
    }

    @Test
    void everySegmentIsPublishedWhileThePublisherIsReplaced() throws InterruptedException {
        rig.orchestrator("o");
        Map<String, Integer> published = new ConcurrentHashMap<>();
        Set<String> late = ConcurrentHashMap.newKeySet();
        Publisher[] current = {new Counting(published, late)};
        rig.ports.publishers().bind(current[0], 0);
        AtomicBoolean running = new AtomicBoolean(true);
        Set<Integer> swaps = ConcurrentHashMap.newKeySet();
        Thread swapper = Thread.ofPlatform().start(() -> swapWhile(
                running,
                () -> {
                    // A new one for every few segments: a swap of microseconds is nobody's.
                    int seen = published.size();
                    while (running.get() && published.size() < seen + 5) {
                        Thread.onSpinWait();
                    }
                    Counting next = new Counting(published, late);
                    rig.ports.publishers().bind(next, 0);
                    rig.ports.publishers().unbind(current[0]);
                    ((Counting) current[0]).gone = true;
                    current[0] = next;
                },
                swaps));
        runStreams();
        running.set(false);
        swapper.join();
        assertEquals(STREAMS * SEGMENTS, published.size());
        assertEquals(Set.of(), late);
        assertTrue(swaps.size() > 3, () -> swaps.size() + " swaps");
    }

    /** Counts segments that came with all renditions, and notes calls after it was gone. */
    private static final class Counting implements Publisher {
        private final Map<String, Integer> published;
        private final Set<String> late;
        private volatile boolean gone;

        Counting(Map<String, Integer> published, Set<String> late) {
            this.published = published;
            this.late = late;
        }

        @Override
        public Publication open(StreamSpec stream) {
            Set<Long> sources = ConcurrentHashMap.newKeySet();
            return new Publication() {
                @Override
                public void source(Segment segment, MediaInfo info) {
                    sources.add(segment.sequence());
                }

                @Override
                public void renditions(Segment segment, List<Rendition> renditions) {
                    String name = stream.manifest() + "/" + segment.sequence();
                    if (gone || renditions.size() != 2 || !sources.contains(segment.sequence())) {
                        late.add(name);
                    }
                    published.merge(name, 1, Integer::sum);
                }

                @Override
                public void close() {
                    // the stream ended
                }
            };
        }
    }
}
