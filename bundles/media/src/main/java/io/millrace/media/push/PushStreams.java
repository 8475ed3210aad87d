package io.millrace.media.push;

import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamGate;
import io.millrace.api.gateway.StreamGate.Opening;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.value.ManifestId;
import io.millrace.media.profile.InvalidProfile;
import io.millrace.media.web.PerAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that are being pushed, by the name in the address. Thread-safe: the segments of one stream
 * arrive in parallel, and the first of them opens it while the others wait. The gateway is called without a
 * lock. Holds one entry per stream that the gate let in, so the gate's limit is its own.
 */
final class PushStreams implements AutoCloseable {

    /** A stream ends when nothing has been pushed for so long (go-livepeer: a minute). */
    static final Duration IDLE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(PushStreams.class);

    private final StreamGate gate;
    private final InstantSource clock;
    private final ConcurrentMap<ManifestId, PushStream> streams = new ConcurrentHashMap<>();
    private final PerAddress openers = new PerAddress();

    /** Says what a stream that begins now shall be. */
    interface SpecSource {
        StreamSpec spec() throws InvalidProfile;
    }

    /** What became of asking. */
    sealed interface Entrance {

        /** The segment may be handed in; {@link PushStreams#leave} must follow. */
        record Entered(PushStream stream) implements Entrance {}

        /** The gateway does not take the stream. */
        record Refused(StreamGate.Reason reason, String message) implements Entrance {}

        /** The address has opened as many streams as one may. */
        record TooMany() implements Entrance {}
    }

    PushStreams(StreamGate gate, InstantSource clock) {
        this.gate = gate;
        this.clock = clock;
    }

    /**
     * Finds the stream or opens it.
     *
     * @param most streams that one address may have opened; 0 for any number
     */
    Entrance enter(ManifestId external, SpecSource source, String sender, int most) throws InvalidProfile {
        while (true) {
            PushStream stream = streams.get(external);
            if (stream == null) {
                if (!openers.enter(sender, most)) {
                    return new Entrance.TooMany();
                }
                PushStream begun = new PushStream(sender);
                stream = streams.putIfAbsent(external, begun);
                if (stream != null) {
                    openers.leave(sender);
                } else {
                    stream = begun;
                }
            }
            switch (stream.enter(clock.instant())) {
                case ENTERED -> {
                    return new Entrance.Entered(stream);
                }
                case RETIRED -> streams.remove(external, stream);
                case OPEN -> {
                    if (open(external, stream, source) instanceof Opening.Denied denied) {
                        return new Entrance.Refused(denied.reason(), denied.message());
                    }
                }
            }
        }
    }

    private Opening open(ManifestId external, PushStream stream, SpecSource source) throws InvalidProfile {
        Stream before = stream.stream();
        Stream now = null;
        try {
            StreamSpec spec = before == null ? source.spec() : before.spec();
            if (!spec.manifest().equals(external)) {
                endOthers(spec.manifest(), stream);
            }
            Opening opening = gate.open(spec);
            // it is our own stream that still runs: its segment was dropped for another reason
            boolean runs = before != null
                    && opening instanceof Opening.Denied denied
                    && denied.reason() == StreamGate.Reason.DUPLICATE;
            now = opening instanceof Opening.Opened opened ? opened.stream() : runs ? before : null;
            return runs ? new Opening.Opened(before) : opening;
        } finally {
            boolean kept = stream.settle(now);
            if (now == null) {
                retire(external, stream);
            } else if (!kept && now != before) {
                now.close();
            }
        }
    }

    // A sender that comes back under a new address with the same name inside takes its stream over.
    private void endOthers(ManifestId internal, PushStream mine) {
        streams.forEach((name, other) -> {
            Stream open = other.stream();
            if (other != mine
                    && open != null
                    && open.spec().manifest().equals(internal)
                    && other.retireUnlessOpening()) {
                retired(name, other);
            }
        });
    }

    private void retire(ManifestId name, PushStream stream) {
        if (stream.retire()) {
            retired(name, stream);
        }
    }

    /** Called once for each stream, by the thread that has retired it. */
    private void retired(ManifestId name, PushStream stream) {
        streams.remove(name, stream);
        openers.leave(stream.opener);
        if (stream.stream() != null) {
            stream.stream().close();
        }
    }

    /** The answer to a segment is sent, or never will be. */
    void leave(PushStream stream) {
        stream.leave(clock.instant());
    }

    /** Closes the streams to which nothing has been pushed for a while. */
    void sweep() {
        streams.forEach((name, stream) -> {
            try {
                if (stream.retireIfIdle(clock.instant(), IDLE)) {
                    retired(name, stream);
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
        streams.forEach(this::retire);
    }
}
