package io.millrace.kernel.gateway;

import io.millrace.api.publish.Publisher;
import io.millrace.kernel.gateway.find.SessionPool;
import io.millrace.kernel.gateway.time.Timers;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Leased;
import io.millrace.api.node.NodeEvents;
import java.time.InstantSource;
import java.util.function.Supplier;

/** What all streams of a gateway share. */
record StreamParts(
        SessionPool.Parts pool,
        SegmentTranscoder transcoder,
        Leased<Publisher> publishers,
        Foreign foreignPublishers,
        NodeEvents events,
        Supplier<GatewaySettings> settings,
        QueueRoom room,
        Timers timers,
        InstantSource clock) {}
