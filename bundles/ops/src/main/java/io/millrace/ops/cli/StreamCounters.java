package io.millrace.ops.cli;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvent.SegmentSettled;
import io.millrace.api.node.NodeEvent.StreamEnded;
import io.millrace.api.node.NodeEvent.StreamStarted;
import io.millrace.api.node.NodeEvents;
import java.util.LinkedHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Counts the bytes of streams, and remembers which stream began last. Thread-safe, bounded. */
@Component(service = {NodeEvents.class, StreamCounters.class})
public final class StreamCounters implements NodeEvents {

    /** Streams that are counted; beyond that the eldest is forgotten. */
    static final int STREAMS = 10_000;

    record Bytes(long source, long renditions) {}

    private final LinkedHashMap<String, Bytes> streams = new LinkedHashMap<>();
    private String latest = "";

    @Activate
    public StreamCounters() {}

    @Override
    public synchronized void happened(NodeEvent event) {
        switch (event) {
            case StreamStarted started -> {
                latest = started.manifest().value();
                if (!started.resumed()) {
                    streams.putLast(latest, new Bytes(0, 0));
                }
                if (streams.size() > STREAMS) {
                    streams.pollFirstEntry();
                }
            }
            case SegmentSettled settled -> streams.computeIfPresent(
                    settled.manifest().value(), (name, bytes) -> new Bytes(
                            bytes.source() + settled.sourceBytes(),
                            bytes.renditions()
                                    + settled.bytes().stream().mapToLong(Integer::longValue).sum()));
            case StreamEnded ended -> streams.remove(ended.manifest().value());
            default -> {}
        }
    }

    synchronized Bytes bytes(String stream) {
        return streams.getOrDefault(stream, new Bytes(0, 0));
    }

    /** Name of the stream that began last, even when it has ended; empty before the first. */
    synchronized String latest() {
        return latest;
    }
}
