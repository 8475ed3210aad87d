package io.millrace.media.hls;

import io.lindstrom.m3u8.model.MasterPlaylist;
import io.lindstrom.m3u8.model.MediaPlaylist;
import io.lindstrom.m3u8.model.MediaSegment;
import io.lindstrom.m3u8.parser.MasterPlaylistParser;
import io.lindstrom.m3u8.parser.MediaPlaylistParser;
import io.lindstrom.m3u8.parser.PlaylistParserException;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.ManifestId;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.SampleSegments;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A stream with the renditions {@code hi} and {@code lo}, and its playlists read by a parser of another make. */
final class PublishedStream {

    static final VideoProfile HI =
            VideoProfile.h264("hi", 1280, 720, 3_000_000, 30).withFormat(Container.MPEGTS);
    static final VideoProfile LO = VideoProfile.h264("lo", 320, 180, 300_000, 30).withFormat(Container.MPEGTS);
    static final Duration TWO = Duration.ofSeconds(2);

    final InMemoryBudget budget = InMemoryBudget.ample();
    final ManualClock clock = new ManualClock();
    final HlsPublisher publisher;
    final ManifestId manifest;
    final Publication publication;

    PublishedStream(HlsLimits limits) {
        this(limits, "movie", HI, LO);
    }

    PublishedStream(HlsLimits limits, String name, VideoProfile... profiles) {
        publisher = new HlsPublisher(limits, budget, clock);
        manifest = new ManifestId(name);
        publication = publisher.open(new StreamSpec(manifest, List.of(profiles), "rtmp", false, 1));
    }

    static HlsLimits limits() {
        return new HlsLimits(6, 2, Duration.ofSeconds(60));
    }

    static Segment segment(long sequence, Duration duration, boolean discontinuity) {
        Instant received = Instant.parse("2026-01-01T00:00:00Z").plus(TWO.multipliedBy(sequence % 1_000_000));
        return new Segment(
                sequence,
                duration,
                SampleSegments.data((int) (sequence % SampleSegments.COUNT)),
                Optional.empty(),
                received,
                discontinuity);
    }

    void source(long sequence) {
        publication.source(segment(sequence, TWO, false), SampleSegments.INFO);
    }

    void source(Segment segment) {
        publication.source(segment, SampleSegments.INFO);
    }

    void settled(long sequence, VideoProfile... made) {
        Bytes data = SampleSegments.data((int) (sequence % SampleSegments.COUNT));
        publication.renditions(
                segment(sequence, TWO, false),
                Arrays.stream(made).map(profile -> new Rendition(profile, data)).toList());
    }

    void whole(long sequence) {
        source(sequence);
        settled(sequence, HI, LO);
    }

    Channel channel() {
        return publisher.channel(manifest).orElseThrow();
    }

    MasterPlaylist master() throws PlaylistParserException {
        return new MasterPlaylistParser().readPlaylist(channel().master().orElseThrow());
    }

    MediaPlaylist media(String rendition) throws PlaylistParserException {
        return new MediaPlaylistParser().readPlaylist(channel().media(rendition).orElseThrow());
    }

    /** Where a segment of a rendition is. */
    String address(String rendition, long sequence) {
        return "/stream/" + manifest + "/" + rendition + "/" + channel().instance() + "/" + sequence + ".ts";
    }

    /** Segment numbers listed; {@code g} behind a gap, {@code d} before what follows a discontinuity. */
    String listing(String rendition) throws PlaylistParserException {
        StringBuilder out = new StringBuilder();
        for (MediaSegment segment : media(rendition).mediaSegments()) {
            String file = segment.uri().substring(segment.uri().lastIndexOf('/') + 1);
            out.append(out.isEmpty() ? "" : " ")
                    .append(segment.discontinuity() ? "d" : "")
                    .append(file, 0, file.indexOf('.'))
                    .append(segment.gap() ? "g" : "");
        }
        return out.toString();
    }
}
