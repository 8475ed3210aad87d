package io.millrace.ops.page;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvent.AttemptFailed;
import io.millrace.api.node.NodeEvent.JobServed;
import io.millrace.api.node.NodeEvent.SegmentSettled;
import io.millrace.api.node.NodeEvent.Selected;
import io.millrace.api.node.NodeEvent.SessionEnded;
import io.millrace.api.node.NodeEvent.SessionStarted;
import io.millrace.api.node.NodeEvent.StreamEnded;
import io.millrace.api.node.NodeEvent.StreamStarted;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.value.ManifestId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The latest segments and sessions of the node, bounded; they are kept whether a page is open or not. Thread-safe. */
@Component(service = {NodeEvents.class, History.class})
public final class History implements NodeEvents {

    /** Streams remembered, those that ended too; beyond that the one longest without an event goes. */
    static final int STREAMS = 100;

    static final int SESSIONS = 200;

    /** A session's last job; null before the first. */
    record SessionRecord(String manifest, JobServed last, long failed) {}

    private final InstantSource clock;
    private final LinkedHashMap<String, StreamRecord> streams = new LinkedHashMap<>();
    private final LinkedHashMap<String, SessionRecord> sessions = new LinkedHashMap<>();

    @Activate
    public History() {
        this(InstantSource.system());
    }

    History(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void happened(NodeEvent event) {
        Instant now = clock.instant();
        switch (event) {
            case StreamStarted started -> change(started.manifest(), stream -> stream.started(started, now));
            case Selected selected -> change(selected.manifest(), stream -> stream.selected(selected));
            case AttemptFailed failed -> change(failed.manifest(), stream -> stream.failed(failed));
            case SegmentSettled settled -> change(settled.manifest(), stream -> stream.settled(settled, now));
            case StreamEnded ended -> change(ended.manifest(), stream -> stream.ended(ended, now));
            case SessionStarted started -> session(
                    started.session().value(), former -> new SessionRecord(started.manifest().value(), null, 0));
            case JobServed job -> session(
                    job.session().value(),
                    former -> new SessionRecord(
                            former.manifest(), job, former.failed() + (job.error().isPresent() ? 1 : 0)));
            case SessionEnded ended -> {
                synchronized (this) {
                    sessions.remove(ended.session().value());
                }
            }
            default -> {
                // Told elsewhere.
            }
        }
    }

    /** Makes something of each stream, the newest event first. */
    synchronized <T> List<T> streams(Function<StreamRecord, T> view) {
        return streams.sequencedValues().reversed().stream().map(view).toList();
    }

    /** A session's record; an empty one when nothing is known. */
    synchronized SessionRecord session(String session) {
        return sessions.getOrDefault(session, new SessionRecord("", null, 0));
    }

    private synchronized void change(ManifestId manifest, Consumer<StreamRecord> change) {
        String name = manifest.value();
        StreamRecord stream = streams.remove(name);
        if (stream == null) {
            stream = new StreamRecord(name, clock.instant());
        }
        streams.putLast(name, stream);
        change.accept(stream);
        if (streams.size() > STREAMS) {
            streams.pollFirstEntry();
        }
    }

    private synchronized void session(String name, Function<SessionRecord, SessionRecord> change) {
        sessions.putLast(name, change.apply(session(name)));
        if (sessions.size() > SESSIONS) {
            sessions.pollFirstEntry();
        }
    }
}
