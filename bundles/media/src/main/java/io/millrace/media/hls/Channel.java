package io.millrace.media.hls;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.Bytes;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.probe.SegmentProbe;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream as viewers see it. Thread-safe: the gateway adds while viewers read. */
final class Channel {

    /** Name of the rendition that is the input itself. */
    static final String SOURCE = "source";

    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);

    private final StreamSpec spec;
    private final HlsLimits limits;
    private final String instance;
    private final Timeline timeline;
    private final Map<String, Track> tracks = new LinkedHashMap<>();
    private int targetSeconds;
    private MediaInfo format;
    private long bytes;
    private boolean longSegmentSeen;
    private Instant endedAt;

    /** @param instance tells this stream from earlier ones of its name */
    Channel(StreamSpec spec, HlsLimits limits, String instance) {
        this(spec, limits, instance, new Timeline());
    }

    private Channel(StreamSpec spec, HlsLimits limits, String instance, Timeline timeline) {
        this.timeline = timeline;
        this.spec = spec;
        this.limits = limits;
        this.instance = instance;
    }

    /** What a successor needs to go on where this stops. */
    synchronized Map<String, Object> estate() {
        Map<String, Object> estate = new HashMap<>(Map.of(
                "spec", spec,
                "instance", instance,
                "targetSeconds", targetSeconds,
                "longSegmentSeen", longSegmentSeen,
                "slots", timeline.estate(),
                "tracks", tracks.values().stream().map(Track::estate).toList()));
        if (format != null) {
            estate.put("format", format);
        }
        if (endedAt != null) {
            estate.put("endedAt", endedAt);
        }
        return estate;
    }

    /** Goes on where an earlier instance stopped. */
    static Channel of(Left left, HlsLimits limits) {
        Channel channel = new Channel(
                left.get("spec", StreamSpec.class),
                limits,
                left.get("instance", String.class),
                Timeline.of(left.list("slots")));
        channel.targetSeconds = left.get("targetSeconds", Integer.class);
        channel.longSegmentSeen = left.get("longSegmentSeen", Boolean.class);
        channel.format = left.find("format", MediaInfo.class).orElse(null);
        channel.endedAt = left.find("endedAt", Instant.class).orElse(null);
        for (Left each : left.list("tracks")) {
            Track track = Track.of(each, channel.targetSeconds);
            channel.tracks.put(track.name(), track);
            channel.bytes += track.size();
        }
        return channel;
    }

    StreamSpec spec() {
        return spec;
    }

    String instance() {
        return instance;
    }

    /** The source segment is here. */
    synchronized void source(Segment segment, MediaInfo info) {
        if (timeline.ofSequence(segment.sequence()).isPresent()) {
            // told to its predecessor already
            return;
        }
        boolean changed = format != null && info.videoFrames() > 0 && !info.sameFormat(format);
        Optional<Slot> place = timeline.append(segment, changed);
        if (place.isEmpty()) {
            LOG.warn(
                    "Stream {}: segment {} came after a later one and is not listed",
                    spec.manifest(),
                    segment.sequence());
            return;
        }
        Slot slot = place.get();
        if (info.videoFrames() > 0) {
            format = info;
        }
        begin(info.container(), slot);
        warnOfLength(slot);
        add(tracks.get(SOURCE), slot, segment.data(), info);
    }

    private void begin(VideoProfile.Container container, Slot first) {
        if (!tracks.isEmpty()) {
            return;
        }
        targetSeconds = limits.targetDuration(first.duration());
        tracks.put(SOURCE, track(SOURCE, container));
        for (VideoProfile profile : spec.profiles()) {
            if (tracks.putIfAbsent(profile.name(), track(profile.name(), profile.format())) != null) {
                LOG.warn(
                        "Stream {}: two renditions are named {}, only the first is published",
                        spec.manifest(),
                        profile.name());
            }
        }
    }

    private Track track(String name, VideoProfile.Container container) {
        return new Track(name, container.extension(), limits.window(), targetSeconds);
    }

    private void warnOfLength(Slot slot) {
        if (Math.round(slot.duration().toMillis() / 1000.0) > targetSeconds && !longSegmentSeen) {
            longSegmentSeen = true;
            LOG.warn(
                    "Stream {}: segment {} lasts {} ms, longer than the target duration of {} s that its playlists"
                            + " promise. Give the encoder a shorter, steady keyframe interval, or raise targetSeconds"
                            + " of io.millrace.media.hls.",
                    spec.manifest(),
                    slot.sequence(),
                    slot.duration().toMillis(),
                    targetSeconds);
        }
    }

    /** The segment is settled: renditions that are not given are missing. */
    void renditions(Segment segment, List<Rendition> renditions) {
        Map<String, Rendition> made = new LinkedHashMap<>();
        renditions.forEach(rendition -> made.putIfAbsent(rendition.profile().name(), rendition));
        // Outside of the lock: reading what another node has made takes as long as that node likes.
        Map<String, MediaInfo> measured = new HashMap<>();
        for (String track : wanting(segment)) {
            Rendition rendition = made.get(track);
            if (rendition != null && !rendition.data().isEmpty()) {
                measured.put(track, measure(rendition));
            }
        }
        settle(segment, made, measured);
    }

    /** The renditions whose attributes should be measured from this segment. */
    private synchronized List<String> wanting(Segment segment) {
        return timeline.ofSequence(segment.sequence()).stream()
                .flatMap(slot -> tracks.values().stream().filter(track -> track.wantsInfo(slot)))
                .map(Track::name)
                .filter(name -> !name.equals(SOURCE))
                .toList();
    }

    private synchronized void settle(
            Segment segment, Map<String, Rendition> made, Map<String, MediaInfo> measured) {
        Optional<Slot> place = timeline.ofSequence(segment.sequence());
        if (place.isEmpty()) {
            LOG.warn(
                    "Stream {}: renditions of segment {}, which was never listed, are not published",
                    spec.manifest(),
                    segment.sequence());
            return;
        }
        Slot slot = place.get();
        for (Track track : tracks.values()) {
            if (track.name().equals(SOURCE)) {
                continue;
            }
            Rendition rendition = made.get(track.name());
            if (rendition == null || rendition.data().isEmpty()) {
                add(track, slot, null, null);
            } else {
                add(track, slot, rendition.data(), measured.get(track.name()));
            }
        }
    }

    private MediaInfo measure(Rendition rendition) {
        try {
            return SegmentProbe.probe(rendition.data(), rendition.profile().format()).info();
        } catch (UnreadableMedia e) {
            LOG.warn(
                    "Stream {}: rendition {} cannot be read, its playlist entry has no codecs: {}",
                    spec.manifest(),
                    rendition.profile().name(),
                    e.getMessage());
            return null;
        }
    }

    private void add(Track track, Slot slot, Bytes data, MediaInfo measured) {
        if (measured != null && track.wantsInfo(slot) && !measured.codecs().isEmpty()) {
            track.measured(measured);
        }
        bytes -= track.add(slot, data, number -> timeline.ofNumber(number).orElse(null));
        bytes += data == null ? 0 : data.size();
    }

    /** No more segments. */
    synchronized void end(Instant now) {
        if (endedAt == null) {
            endedAt = now;
        }
    }

    /** When it ended; empty while it runs. */
    synchronized Optional<Instant> endedAt() {
        return Optional.ofNullable(endedAt);
    }

    /** The master playlist; empty before the first segment. */
    synchronized Optional<String> master() {
        List<Track> playable = tracks.values().stream().filter(Track::isPlayable).toList();
        return playable.isEmpty() ? Optional.empty() : Optional.of(Playlists.master(spec.manifest(), playable));
    }

    /** The media playlist of a rendition; empty before its first segment. */
    synchronized Optional<String> media(String rendition) {
        Track track = tracks.get(rendition);
        if (track == null || track.listed().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Playlists.media(spec.manifest(), track, targetSeconds, endedAt != null));
    }

    /** A segment by the name of its file. */
    synchronized Optional<Bytes> segment(String rendition, long sequence, String extension) {
        Track track = tracks.get(rendition);
        return track == null || !track.extension().equals(extension) ? Optional.empty() : track.segment(sequence);
    }

    /** Bytes of all segments held. */
    synchronized long bytes() {
        return bytes;
    }

    /** Lets go of the oldest segment in all its renditions; false when there is none left. */
    synchronized boolean shrink() {
        OptionalLong oldest = tracks.values().stream()
                .flatMap(track -> track.oldest().stream())
                .mapToLong(Long::longValue)
                .min();
        if (oldest.isEmpty()) {
            return false;
        }
        tracks.values().forEach(track -> bytes -= track.forget(oldest.getAsLong()));
        return true;
    }
}
