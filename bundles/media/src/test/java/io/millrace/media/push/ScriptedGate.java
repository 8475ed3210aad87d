package io.millrace.media.push;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamGate;
import io.millrace.api.gateway.StreamSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/** A gate that lets streams in, or not, and settles segments as a test says. */
final class ScriptedGate implements StreamGate {

    final List<Door> opened = new CopyOnWriteArrayList<>();
    final AtomicReference<Opening.Denied> denial = new AtomicReference<>();
    volatile BiFunction<Door, Segment, Pending> script = (door, segment) -> {
        throw new AssertionError("no segment was expected");
    };

    final class Door implements Stream {

        final StreamSpec spec;
        final List<Segment> segments = new CopyOnWriteArrayList<>();
        final List<MediaInfo> infos = new CopyOnWriteArrayList<>();
        volatile boolean closed;

        Door(StreamSpec spec) {
            this.spec = spec;
        }

        @Override
        public StreamSpec spec() {
            return spec;
        }

        @Override
        public long nextSequence() {
            return 0;
        }

        @Override
        public Pending submit(Segment segment, MediaInfo info) {
            segments.add(segment);
            infos.add(info);
            return script.apply(this, segment);
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void end() {
            closed = true;
        }
    }

    @Override
    public synchronized Opening open(StreamSpec spec) {
        if (denial.get() != null) {
            return denial.get();
        }
        Optional<Door> running = opened.stream()
                .filter(door -> !door.closed && door.spec.manifest().equals(spec.manifest()))
                .findFirst();
        if (running.isPresent()) {
            return new Opening.Denied(Reason.DUPLICATE, "a stream of that name is running");
        }
        Door door = new Door(spec);
        opened.add(door);
        return new Opening.Opened(door);
    }
}
