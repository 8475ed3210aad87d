package io.millrace.media.hls;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.publish.Publisher;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.ManifestId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes streams for HLS players, from memory. An ended stream stays readable for a while. When three
 * quarters of the node's memory are taken, streams that have ended go first, then the oldest segments of the
 * stream that needs room, down to a short playlist; when all of it is taken, the rest of that playlist.
 * Thread-safe.
 */
final class HlsPublisher implements Publisher {

    private static final Logger LOG = LoggerFactory.getLogger(HlsPublisher.class);

    /** A stream that runs has its next segment within this time, or its end. */
    private static final Duration CLAIM = Duration.ofSeconds(60);

    private static final RandomGenerator RANDOM = new SecureRandom();

    private final InstantSource clock;
    private final ConcurrentMap<ManifestId, Channel> channels = new ConcurrentHashMap<>();
    private final Budget budget;
    private volatile HlsLimits limits;

    /** Of an earlier instance, and not gone on with yet. */
    private final ConcurrentMap<ManifestId, Channel> unclaimed = new ConcurrentHashMap<>();

    private volatile Instant claimUntil = Instant.MIN;

    HlsPublisher(HlsLimits limits, Budget budget, InstantSource clock) {
        this.limits = limits;
        this.budget = budget;
        this.clock = clock;
    }

    /** Changes the bounds; a running stream keeps its window and target duration. */
    void limits(HlsLimits changed) {
        limits = changed;
    }

    @Override
    public Publication open(StreamSpec stream) {
        Channel inherited = unclaimed.remove(stream.manifest());
        Channel channel = inherited != null && inherited.spec().equals(stream) ? inherited : begin(stream);
        return new Publication() {
            @Override
            public void source(Segment segment, MediaInfo info) {
                letEndedGo(segment.data().size() + Budget.PIECE_OVERHEAD);
                channel.source(segment, info);
            }

            @Override
            public void renditions(Segment segment, List<Rendition> renditions) {
                letEndedGo(renditions.stream()
                        .mapToLong(rendition -> rendition.data().size() + Budget.PIECE_OVERHEAD)
                        .sum());
                channel.renditions(segment, renditions);
            }

            @Override
            public void close() {
                channel.end(clock.instant());
            }
        };
    }

    private Channel begin(StreamSpec stream) {
        Channel channel = new Channel(
                stream, limits, HexFormat.of().toHexDigits(RANDOM.nextInt()), budget);
        Channel before = channels.put(stream.manifest(), channel);
        if (before != null) {
            if (before.endedAt().isEmpty()) {
                LOG.info("Stream {} begins anew although it has not ended: its earlier part is gone", stream.manifest());
            }
            before.drop();
        }
        return channel;
    }

    /** What a successor needs, so that viewers do not notice it. */
    Map<String, Object> state() {
        return Map.of("channels", channels.values().stream().map(Channel::state).toList());
    }

    /** Goes on where an earlier instance stopped; streams that run are claimed by their gateway soon. */
    void restore(Map<String, Object> state) {
        Instant now = clock.instant();
        for (HandoverState saved : new HandoverState(state).list("channels")) {
            Channel channel = Channel.of(saved, limits, budget);
            channels.put(channel.spec().manifest(), channel);
            if (channel.endedAt().isEmpty()) {
                unclaimed.put(channel.spec().manifest(), channel);
            }
        }
        claimUntil = now.plus(CLAIM);
    }

    /** The running or just ended stream of this name. */
    Optional<Channel> channel(ManifestId manifest) {
        Channel channel = channels.get(manifest);
        return channel == null || isOver(channel) ? Optional.empty() : Optional.of(channel);
    }

    private boolean isOver(Channel channel) {
        Optional<Instant> end = channel.endedAt();
        return end.isPresent() && !clock.instant().isBefore(end.get().plus(limits.retention()));
    }

    /** Removes streams whose retention is over, and ends those of an earlier instance that no publisher has continued. */
    void sweep() {
        if (!clock.instant().isBefore(claimUntil)) {
            unclaimed.values().forEach(channel -> channel.end(clock.instant()));
            unclaimed.clear();
        }
        channels.forEach((name, channel) -> {
            if (isOver(channel)) {
                channels.remove(name, channel);
                channel.drop();
            }
        });
        letEndedGo(0);
    }

    /** Gives all charges back, when a later instance has taken the streams over. */
    void close() {
        channels.values().forEach(Channel::close);
    }

    /** Streams that have ended make way for those that run; these never make way for each other. */
    private void letEndedGo(long bytes) {
        while (Channel.isScarce(budget, bytes)) {
            Optional<Channel> ended = channels.values().stream()
                    .filter(channel -> channel.endedAt().isPresent())
                    .min(Comparator.comparing(channel -> channel.endedAt().orElse(Instant.MAX)));
            if (ended.isEmpty()) {
                return;
            }
            channels.remove(ended.get().spec().manifest(), ended.get());
            ended.get().drop();
        }
    }
}
