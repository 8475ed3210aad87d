package io.millrace.media.hls;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.probe.SegmentProbe;
import io.millrace.media.profile.JsonProfile;
import io.millrace.media.web.CountedWarnings;
import io.millrace.media.web.GoText;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream as viewers see it. Thread-safe: the gateway adds segments, one call at a time, while viewers read. A
 * segment is charged before it is kept. Where memory is short, the oldest segments of this stream are dropped: only
 * viewers who are late need them, while others need the memory to bring streams at all.
 */
final class Channel {

    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);
    private static final CountedWarnings WARNINGS = new CountedWarnings(LOG::warn, InstantSource.system());

    private final StreamSpec spec;
    private final HlsLimits limits;
    private final String instance;
    private final Timeline timeline;
    private final Budget budget;
    private final Budget.Charge charge;
    private final Map<String, Track> tracks = new LinkedHashMap<>();
    private int targetSeconds;
    private MediaInfo format;
    private boolean closed;
    private Instant endedAt;

    /**
     * A stream without a segment.
     *
     * @param instance tells this stream from earlier ones of its name
     * @param budget takes its segments
     */
    Channel(StreamSpec spec, HlsLimits limits, String instance, Budget budget) {
        this(spec, limits, instance, new Timeline(), budget);
    }

    private Channel(StreamSpec spec, HlsLimits limits, String instance, Timeline timeline, Budget budget) {
        this.budget = budget;
        this.charge = budget.open("playlist");
        this.timeline = timeline;
        this.spec = spec;
        this.limits = limits;
        this.instance = instance;
    }

    /** What a successor needs to go on where this stops. */
    synchronized Map<String, Object> state() {
        Map<String, Object> state = new HashMap<>(Map.of(
                "spec", spec,
                "instance", instance,
                "targetSeconds", targetSeconds,
                "slots", timeline.state(),
                "tracks", tracks.values().stream().map(Track::state).toList()));
        if (format != null) {
            state.put("format", format);
        }
        if (endedAt != null) {
            state.put("endedAt", endedAt);
        }
        return state;
    }

    /** Goes on where an earlier instance stopped. */
    static Channel of(HandoverState saved, HlsLimits limits, Budget budget) {
        Channel channel = new Channel(
                saved.get("spec", StreamSpec.class),
                limits,
                saved.get("instance", String.class),
                Timeline.of(saved.list("slots")),
                budget);
        channel.targetSeconds = saved.get("targetSeconds", Integer.class);
        channel.format = saved.find("format", MediaInfo.class).orElse(null);
        channel.endedAt = saved.find("endedAt", Instant.class).orElse(null);
        for (HandoverState each : saved.list("tracks")) {
            Track track = Track.of(each, channel.targetSeconds, channel.charge);
            channel.tracks.put(track.name(), track);
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
        if (closed || timeline.ofSequence(segment.sequence()).isPresent()) {
            // told to its predecessor already, or to its successor
            return;
        }
        boolean changed = format != null && info.videoFrames() > 0 && !info.sameFormat(format);
        Optional<SegmentSlot> place = timeline.append(segment, changed);
        if (place.isEmpty()) {
            warn("late", "segment " + segment.sequence() + " came after a later one and is not listed");
            return;
        }
        SegmentSlot slot = place.get();
        if (info.videoFrames() > 0) {
            format = info;
        }
        fitTarget(slot);
        begin(info);
        Track source = tracks.get(JsonProfile.SOURCE);
        if (source != null) {
            add(source, slot, segment.data(), info);
        }
    }

    /**
     * Players take H.265 in fragmented MP4 alone (HLS Authoring Specification for Apple Devices, 1.5), so that such a
     * source in MPEG-TS is not listed; its renditions are.
     */
    private void begin(MediaInfo info) {
        if (!tracks.isEmpty()) {
            return;
        }
        if (info.videoCodec().equals("hevc") && info.container() == VideoProfile.Container.MPEGTS) {
            warn("hevc", "the source is H.265 in MPEG-TS, which no player takes: only its renditions are listed");
        } else {
            tracks.put(JsonProfile.SOURCE, track(JsonProfile.SOURCE, info.container()));
        }
        for (VideoProfile profile : spec.profiles()) {
            if (tracks.putIfAbsent(profile.name(), track(profile.name(), profile.format())) != null) {
                warn("name", "two renditions are named " + GoText.quoted(profile.name())
                        + ", only the first is published");
            }
        }
    }

    private Track track(String name, VideoProfile.Container container) {
        return new Track(name, container.extension(), limits.window(), targetSeconds, charge);
    }

    /** The target duration of all renditions rises with a segment that is longer, and never falls. */
    private void fitTarget(SegmentSlot slot) {
        int fitting = limits.targetDuration(slot.duration());
        if (fitting <= targetSeconds) {
            return;
        }
        if (targetSeconds > 0) {
            warn("length", "segment " + slot.sequence() + " lasts " + slot.duration().toMillis()
                    + " ms: the target duration of its playlists rises from " + targetSeconds + " to " + fitting
                    + " s, and players that come from now on stay " + HlsLimits.LEAST_WINDOW * fitting
                    + " s behind. Give the encoder a shorter, steady keyframe interval.");
        }
        targetSeconds = fitting;
    }

    private void warn(String kind, String text) {
        WARNINGS.warn(kind, "Stream " + spec.manifest() + ": " + text);
    }

    /** The segment is settled: renditions that are not given are missing. */
    void renditions(Segment segment, List<Rendition> renditions) {
        Map<String, Rendition> made = new LinkedHashMap<>();
        renditions.forEach(rendition -> made.putIfAbsent(rendition.profile().name(), rendition));
        made.values().removeIf(rendition -> rendition.data().isEmpty());
        Map<String, MediaInfo> measured = new HashMap<>();
        for (String name : unmeasured(segment)) {
            if (made.containsKey(name)) {
                measure(made.get(name)).ifPresent(info -> measured.put(name, info));
            }
        }
        settle(segment, made, measured);
    }

    private synchronized List<String> unmeasured(Segment segment) {
        Optional<SegmentSlot> slot = timeline.ofSequence(segment.sequence());
        return slot.isEmpty()
                ? List.of()
                : tracks.values().stream()
                        .filter(track -> track.wantsInfo(slot.get()))
                        .map(Track::name)
                        .toList();
    }

    /** Reads a whole rendition, which takes its time: viewers do not wait for it. */
    private Optional<MediaInfo> measure(Rendition rendition) {
        try {
            return Optional.of(SegmentProbe.probe(rendition.data(), rendition.profile().format()));
        } catch (UnreadableMedia e) {
            warn("unreadable", "rendition " + GoText.quoted(rendition.profile().name())
                    + " cannot be read, its playlist entry has no codecs: " + e.getMessage());
            return Optional.empty();
        }
    }

    private synchronized void settle(
            Segment segment, Map<String, Rendition> made, Map<String, MediaInfo> measured) {
        Optional<SegmentSlot> slot = timeline.ofSequence(segment.sequence());
        if (closed) {
            return;
        }
        if (slot.isEmpty()) {
            warn("unknown", "renditions of segment " + segment.sequence()
                    + ", which was never listed, are not published");
            return;
        }
        for (Track track : tracks.values()) {
            if (!track.name().equals(JsonProfile.SOURCE)) {
                Rendition rendition = made.get(track.name());
                add(track, slot.get(), rendition == null ? null : rendition.data(), measured.get(track.name()));
            }
        }
    }

    private void add(Track track, SegmentSlot slot, Bytes data, MediaInfo measured) {
        if (measured != null && track.wantsInfo(slot) && !measured.codecs().isEmpty()) {
            track.measured(measured);
        }
        if (track.expects(slot)) {
            boolean kept = data != null && room(slot, data.size());
            track.add(slot, kept ? data : null, targetSeconds, number -> timeline.ofNumber(number).orElse(null));
        }
    }

    /** Whether so much of the node's memory is taken that the rest is kept for publishers. */
    static boolean isScarce(Budget budget, long bytes) {
        return budget.used() + bytes > budget.limit() / 4 * 3;
    }

    /** Takes room for a segment, if need be from earlier slots of this stream. */
    private boolean room(SegmentSlot slot, int bytes) {
        boolean shorter = true;
        while (shorter && isScarce(budget, bytes)) {
            shorter = letGo(slot.number() - HlsLimits.LEAST_WINDOW + 1);
        }
        while (!charge.add(bytes)) {
            if (!letGo(slot.number())) {
                return false;
            }
        }
        return true;
    }

    /** Drops the oldest slot before this one, in all renditions; false when there is none. */
    private boolean letGo(long before) {
        OptionalLong oldest = tracks.values().stream()
                .flatMap(track -> track.oldest().stream())
                .mapToLong(Long::longValue)
                .filter(number -> number < before)
                .min();
        if (oldest.isPresent()) {
            tracks.values().forEach(track -> track.forget(oldest.getAsLong()));
            warn("room", "there is no memory for all of its segments: its playlists get shorter. Give the node more"
                    + " heap, or serve fewer streams.");
        }
        return oldest.isPresent();
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
        return Optional.of(Playlists.media(spec.manifest(), instance, track, targetSeconds, endedAt != null));
    }

    /** A segment by the name of its file. */
    synchronized Optional<Bytes> segment(String rendition, long sequence, String extension) {
        Track track = tracks.get(rendition);
        return track == null || !track.extension().equals(extension) ? Optional.empty() : track.segment(sequence);
    }

    /** Takes nothing more and gives its charge back; viewers may go on reading what is there. */
    synchronized void close() {
        closed = true;
        charge.close();
    }

    /** Is over: its segments are gone for viewers too. */
    synchronized void drop() {
        close();
        tracks.clear();
    }
}
