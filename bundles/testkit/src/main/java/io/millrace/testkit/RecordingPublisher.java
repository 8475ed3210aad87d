package io.millrace.testkit;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.publish.Publisher;
import io.millrace.api.value.ManifestId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Publishes to nobody and remembers what it was given. */
public final class RecordingPublisher implements Publisher {

    private static final long PATIENCE_SECONDS = 30;

    private final Map<ManifestId, Recording> recordings = new ConcurrentHashMap<>();

    /** What one stream's publication was given. */
    public static final class Recording implements Publication {

        private final List<Segment> sources = Collections.synchronizedList(new ArrayList<>());
        private final Map<Long, List<Rendition>> renditions = Collections.synchronizedMap(new LinkedHashMap<>());
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void source(Segment segment, MediaInfo info) {
            sources.add(segment);
        }

        @Override
        public void renditions(Segment segment, List<Rendition> made) {
            renditions.merge(segment.sequence(), made, (first, second) -> {
                throw new IllegalStateException("segment " + segment.sequence() + " was published twice");
            });
            synchronized (renditions) {
                renditions.notifyAll();
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }

        /** Source segments in the order they came. */
        public List<Segment> sources() {
            return List.copyOf(sources);
        }

        /** Renditions by sequence number, in the order they came. */
        public Map<Long, List<Rendition>> renditions() {
            synchronized (renditions) {
                return Collections.unmodifiableMap(new LinkedHashMap<>(renditions));
            }
        }

        /** Waits until this segment was published with its renditions, or as a gap. */
        public void awaitRenditions(long sequence) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            synchronized (renditions) {
                while (!renditions.containsKey(sequence)) {
                    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                    if (left <= 0) {
                        throw new AssertionError("segment " + sequence + " was not published");
                    }
                    renditions.wait(left);
                }
            }
        }

        /** Whether the stream has ended. */
        public boolean isClosed() {
            return closed.getCount() == 0;
        }

        /** Waits for the end of the stream. */
        public void awaitClosed() throws InterruptedException {
            if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the publication is still open");
            }
        }
    }

    @Override
    public Publication open(StreamSpec stream) {
        Recording recording = new Recording();
        recordings.put(stream.manifest(), recording);
        return recording;
    }

    /** The latest publication of a stream. */
    public Recording of(ManifestId manifest) {
        Recording recording = recordings.get(manifest);
        if (recording == null) {
            throw new AssertionError(manifest + " was never published");
        }
        return recording;
    }
}
