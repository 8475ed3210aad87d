package io.millrace.media.rtmp;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamGate;
import io.millrace.api.gateway.StreamSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A gateway that keeps what it is given, and lets a stream go on for ever. */
final class RecordingGate implements StreamGate {

    /** What was handed in. */
    record Submitted(String manifest, Segment segment, MediaInfo info) {}

    private static final long PATIENCE_SECONDS = 20;

    final BlockingQueue<Submitted> submitted = new LinkedBlockingQueue<>();
    final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

    /** What publishers want to hear before their stream is ended. */
    final BlockingQueue<Runnable> publishers = new LinkedBlockingQueue<>();

    private final Map<String, Long> next = new HashMap<>();
    private final Map<String, Boolean> running = new HashMap<>();
    private Opening.Denied denial;

    /** Answers every further opening with this. */
    synchronized void deny(Reason reason, String message) {
        denial = new Opening.Denied(reason, message);
    }

    Submitted take() throws InterruptedException {
        Submitted taken = submitted.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (taken == null) {
            throw new AssertionError("no segment was handed in");
        }
        return taken;
    }

    String takeClosed() throws InterruptedException {
        String taken = closed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (taken == null) {
            throw new AssertionError("no stream was closed");
        }
        return taken;
    }

    @Override
    public synchronized Opening open(StreamSpec spec) {
        if (denial != null) {
            return denial;
        }
        String manifest = spec.manifest().value();
        if (running.getOrDefault(manifest, false)) {
            return new Opening.Denied(Reason.DUPLICATE, "it is running");
        }
        running.put(manifest, true);
        return new Opening.Opened(new Recorded(spec));
    }

    private final class Recorded implements Stream {

        private final StreamSpec spec;
        private final String manifest;

        Recorded(StreamSpec spec) {
            this.spec = spec;
            this.manifest = spec.manifest().value();
        }

        @Override
        public StreamSpec spec() {
            return spec;
        }

        @Override
        public long nextSequence() {
            synchronized (RecordingGate.this) {
                return next.getOrDefault(manifest, 0L);
            }
        }

        @Override
        public Pending submit(Segment segment, MediaInfo info) {
            synchronized (RecordingGate.this) {
                next.merge(manifest, segment.sequence() + 1, Math::max);
            }
            submitted.add(new Submitted(manifest, segment, info));
            return deadline -> new SegmentResult.Dropped("recorded only");
        }

        @Override
        public void close() {
            synchronized (RecordingGate.this) {
                running.put(manifest, false);
            }
            closed.add(manifest);
        }

        @Override
        public void whenEnding(Runnable publisher) {
            publishers.add(publisher);
        }

        @Override
        public void end() {
            close();
        }
    }
}
