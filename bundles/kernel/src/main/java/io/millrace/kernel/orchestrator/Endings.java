package io.millrace.kernel.orchestrator;

import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Tells how a job ended: its gateway, with the next offer, and whoever listens, once. */
final class Endings {

    private final NodeEvents events;
    private final InstantSource clock;
    private final Function<AuthToken, Optional<Offer>> next;

    Endings(NodeEvents events, InstantSource clock, Function<AuthToken, Optional<Offer>> next) {
        this.events = events;
        this.clock = clock;
        this.next = next;
    }

    /** Whether this was the first ending. */
    boolean settle(Work work, Worker.Outcome outcome) {
        return work.settle(
                switch (outcome.completion()) {
                    case Completion.Done done -> done.withNext(next.apply(work.token));
                    case Completion.Failed failed -> new Completion.Failed(failed.failure(), next.apply(work.token));
                    case Completion.Streaming streaming -> streaming;
                });
    }

    void report(Work work, Worker.Outcome outcome) {
        if (!work.report()) {
            return;
        }
        Optional<String> error = outcome.completion() instanceof Completion.Failed failed
                ? Optional.of(failed.failure().message())
                : Optional.empty();
        Instant started = work.startedAt == null ? clock.instant() : work.startedAt;
        long sequence = 0;
        Duration duration = Duration.ZERO;
        List<String> renditions = List.of();
        if (work.payload instanceof Payload.Transcode transcode) {
            sequence = transcode.sequence();
            duration = transcode.duration();
            renditions = transcode.profiles().stream().map(VideoProfile::name).toList();
        }
        events.happened(new NodeEvent.JobServed(
                work.token.session(),
                outcome.pipeline(),
                sequence,
                duration,
                Duration.between(work.acceptedAt, started),
                Duration.between(started, clock.instant()),
                outcome.units(),
                error,
                renditions));
    }
}
