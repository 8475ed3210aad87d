package io.millrace.api.node;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What an operator may ask of a running node. */
@ProviderType
public interface NodeControl {

    /** A stream of the gateway. */
    record StreamStatus(
            ManifestId manifest,
            String origin,
            Instant since,
            List<String> renditions,
            long segments,
            long dropped,
            int inFlight,
            Optional<URI> orchestrator) {}

    /** A session of the orchestrator. */
    record SessionStatus(String session, Instant since, long segments, int queued) {}

    /** Streams that run now; empty on a node that is no gateway. */
    List<StreamStatus> streams();

    /** Sessions that run now; empty on a node that is no orchestrator. */
    List<SessionStatus> sessions();

    /** Sessions that may run at once; 0 on a node that is no orchestrator. */
    default int maxSessions() {
        return 0;
    }

    /** What keeps this node from serving, one line each; empty when it can. */
    List<String> obstacles();

    /**
     * What makes this node do less than it could although it serves, one line each: a gateway without
     * an orchestrator still publishes the source.
     */
    default List<String> cautions() {
        return List.of();
    }

    /** Ends a stream; false when there is none of that name. */
    boolean endStream(ManifestId manifest);

    /** Whether it takes nothing new because it is being drained. */
    default boolean draining() {
        return false;
    }

    /**
     * Takes no new streams and sessions from now on, and waits while those that run go on until they end.
     * There is no way back; {@link #drain} follows.
     *
     * @return whether all ended in time
     */
    default boolean letEnd(Deadline deadline) {
        return false;
    }

    /**
     * Takes nothing new, waits for what runs, then closes playlists.
     *
     * @return whether all was finished in time
     */
    boolean drain(Deadline deadline);
}
