package io.millrace.media.push;

import io.millrace.api.gateway.StreamGate;
import io.millrace.api.gateway.StreamGate.Opening;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.value.ManifestId;
import io.millrace.media.profile.InvalidProfile;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that are being pushed, by the name in the address. Thread-safe: the segments of one
 * stream arrive in parallel, and the first of them opens it while the others wait. Holds one entry per
 * stream that the gate let in, so the gate's limit is its own.
 */
final class PushStreams implements AutoCloseable {

    /** A stream ends when nothing has been pushed for so long (go-livepeer: a minute). */
    static final Duration IDLE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(PushStreams.class);

    private final StreamGate gate;
    private final InstantSource clock;
    private final ConcurrentMap<ManifestId, PushStream> streams = new ConcurrentHashMap<>();

    /** Says what a stream that begins now shall be. */
    interface SpecSource {
        StreamSpec spec() throws InvalidProfile;
    }

    /** What became of asking. */
    sealed interface Entrance {

        /** The segment may be handed in; {@link PushStreams#leave} must follow. */
        record Entered(PushStream stream) implements Entrance {}

        /** It may not. */
        record Refused(StreamGate.Reason reason, String message) implements Entrance {}
    }

    PushStreams(StreamGate gate, InstantSource clock) {
        this.gate = gate;
        this.clock = clock;
    }

    /** Finds the stream or opens it. */
    Entrance enter(ManifestId external, SpecSource source) throws InvalidProfile {
        while (true) {
            PushStream stream = streams.computeIfAbsent(external, PushStream::new);
            stream.lock().lock();
            try {
                if (stream.isRetired()) {
                    streams.remove(external, stream);
                    continue;
                }
                if (stream.needsOpening() && open(external, stream, source) instanceof Opening.Denied denied) {
                    stream.retire();
                    streams.remove(external, stream);
                    return new Entrance.Refused(denied.reason(), denied.message());
                }
                stream.enter(clock.instant());
                return new Entrance.Entered(stream);
            } catch (InvalidProfile | RuntimeException e) {
                if (stream.stream() == null) {
                    stream.retire();
                    streams.remove(external, stream);
                }
                throw e;
            } finally {
                stream.lock().unlock();
            }
        }
    }

    private Opening open(ManifestId external, PushStream stream, SpecSource source) throws InvalidProfile {
        StreamSpec spec = stream.stream() == null ? source.spec() : stream.stream().spec();
        if (!spec.manifest().equals(external)) {
            endOthers(spec.manifest(), stream);
        }
        Opening opening = gate.open(spec);
        return switch (opening) {
            case Opening.Opened opened -> {
                stream.opened(opened.stream());
                yield opened;
            }
            // it is our own stream that still runs: its segment was dropped for another reason
            case Opening.Denied denied when stream.stream() != null
                    && denied.reason() == StreamGate.Reason.DUPLICATE -> {
                stream.confirmed();
                yield new Opening.Opened(stream.stream());
            }
            case Opening.Denied denied -> denied;
        };
    }

    // A sender that comes back under a new address with the same name inside takes its stream over.
    private void endOthers(ManifestId internal, PushStream mine) {
        streams.forEach((name, other) -> {
            if (other != mine
                    && other.stream() != null
                    && other.stream().spec().manifest().equals(internal)
                    && other.retireUnlessBusy()) {
                streams.remove(name, other);
            }
        });
    }

    /** The answer to a segment is sent, or never will be. */
    void leave(PushStream stream) {
        stream.leave(clock.instant());
    }

    /** Closes the streams that nobody pushes to any more. */
    void sweep() {
        streams.forEach((name, stream) -> {
            try {
                if (stream.retireIfIdle(clock.instant(), IDLE)) {
                    streams.remove(name, stream);
                    LOG.info("Nothing was pushed to {} for {} s: its publisher is taken to have left", name, IDLE.toSeconds());
                }
            } catch (RuntimeException e) {
                // the next sweep must come whatever the gateway says to this one
                LOG.warn("Stream {}, to which nobody pushes any more, could not be closed", name, e);
            }
        });
    }

    /** Closes all of them; segments in hand are finished by the gateway. */
    @Override
    public void close() {
        streams.forEach((name, stream) -> {
            stream.lock().lock();
            try {
                stream.retire();
            } finally {
                stream.lock().unlock();
            }
            streams.remove(name, stream);
        });
    }
}
