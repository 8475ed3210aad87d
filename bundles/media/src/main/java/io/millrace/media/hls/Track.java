package io.millrace.media.hls;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * One rendition of a stream. It begins with its first segment and has an entry for each slot from then
 * on, a gap where the segment is missing. Gives a segment's charge back when it lets go of it. Not
 * thread-safe.
 */
final class Track {

    private final String name;
    private final String extension;
    private final int window;
    private final Bandwidth bandwidth;
    private final Budget.Charge charge;
    private final List<PlaylistEntry> entries = new ArrayList<>();
    private long listedFrom;
    private MediaInfo info;

    /** @param charge of the stream, which has each segment on it */
    Track(String name, String extension, int window, int targetSeconds, Budget.Charge charge) {
        this(name, extension, window, new Bandwidth(targetSeconds), charge);
    }

    private Track(String name, String extension, int window, Bandwidth bandwidth, Budget.Charge charge) {
        this.name = name;
        this.extension = extension;
        this.window = window;
        this.bandwidth = bandwidth;
        this.charge = charge;
    }

    /** What a successor needs to go on. */
    Map<String, Object> state() {
        Map<String, Object> state = new HashMap<>(Map.of(
                "name", name,
                "extension", extension,
                "window", window,
                "bandwidth", bandwidth.state(),
                "listedFrom", listedFrom,
                "entries", entries.stream().map(PlaylistEntry::state).toList()));
        if (info != null) {
            state.put("info", info);
        }
        return state;
    }

    /** Goes on where an earlier instance stopped; the oldest segments for which there is no room are gaps. */
    static Track of(HandoverState saved, int targetSeconds, Budget.Charge charge) {
        Track track = new Track(
                saved.get("name", String.class),
                saved.get("extension", String.class),
                saved.get("window", Integer.class),
                Bandwidth.of(new HandoverState(saved.get("bandwidth", Map.class)), targetSeconds),
                charge);
        track.listedFrom = saved.get("listedFrom", Long.class);
        track.info = saved.find("info", MediaInfo.class).orElse(null);
        saved.list("entries").forEach(entry -> track.entries.add(PlaylistEntry.of(entry)));
        for (int i = track.entries.size() - 1; i >= 0; i--) {
            PlaylistEntry entry = track.entries.get(i);
            if (!entry.isGap() && !charge.add(entry.data().size())) {
                track.entries.set(i, entry.withoutData());
            }
        }
        return track;
    }

    String name() {
        return name;
    }

    String extension() {
        return extension;
    }

    Bandwidth bandwidth() {
        return bandwidth;
    }

    /** What the rendition really is; empty until it was measured. */
    Optional<MediaInfo> info() {
        return Optional.ofNullable(info);
    }

    /** Whether its attributes should be measured from the next segment. */
    boolean wantsInfo(SegmentSlot slot) {
        return info == null || info.codecs().isEmpty() || slot.broken();
    }

    void measured(MediaInfo measured) {
        info = measured;
    }

    /** Whether a slot is still to be added: its predecessor may have told it already. */
    boolean expects(SegmentSlot slot) {
        return entries.isEmpty() || slot.number() > last().slot().number();
    }

    /**
     * Adds a slot that is expected; with {@code data} null a gap, which does not begin a rendition.
     *
     * @param data charged by the caller
     * @param targetSeconds the target duration of now
     * @param missed finds the slots that were never told of, null where they are forgotten
     */
    void add(SegmentSlot slot, Bytes data, int targetSeconds, LongFunction<SegmentSlot> missed) {
        if (entries.isEmpty() && data == null) {
            return;
        }
        for (long number = entries.isEmpty() ? slot.number() : last().slot().number() + 1;
                number < slot.number();
                number++) {
            SegmentSlot between = missed.apply(number);
            if (between == null) {
                entries.forEach(this::giveBack);
                entries.clear();
                add(slot, data, targetSeconds, missed);
                return;
            }
            entries.add(new PlaylistEntry(between, null));
        }
        if (data != null) {
            bandwidth.add(slot.duration(), data.size());
        }
        entries.add(new PlaylistEntry(slot, data));
        slide(Duration.ofSeconds((long) targetSeconds * HlsLimits.LEAST_WINDOW));
    }

    /**
     * Takes the oldest segments off the list: all above the window, as long as what stays lasts at least this long (RFC
     * 8216, 6.2.2). What was off the list once does not come back. As many segments as are listed stay readable behind.
     */
    private void slide(Duration least) {
        Deque<PlaylistEntry> listed = new ArrayDeque<>(listed());
        Duration length = Duration.ZERO;
        for (PlaylistEntry entry : listed) {
            length = length.plus(entry.slot().duration());
        }
        while (listed.size() > window) {
            Duration rest = length.minus(listed.getFirst().slot().duration());
            if (rest.compareTo(least) < 0 && listed.size() <= Math.max(window, HlsLimits.LONGEST_LIST)) {
                break;
            }
            listed.removeFirst();
            length = rest;
        }
        listedFrom = listed.getFirst().slot().number();
        while (entries.size() > 2 * listed.size()) {
            giveBack(entries.removeFirst());
        }
    }

    private void giveBack(PlaylistEntry entry) {
        if (!entry.isGap()) {
            charge.remove(entry.data().size());
        }
    }

    private PlaylistEntry last() {
        return entries.getLast();
    }

    /** What a playlist lists, oldest first. */
    List<PlaylistEntry> listed() {
        return entries.stream().filter(entry -> entry.slot().number() >= listedFrom).toList();
    }

    /** Whether a player that comes now finds something to play. */
    boolean isPlayable() {
        return listed().stream().anyMatch(entry -> !entry.isGap());
    }

    /** The segment with this number. */
    Optional<Bytes> segment(long sequence) {
        for (PlaylistEntry entry : entries) {
            if (entry.slot().sequence() == sequence) {
                return Optional.ofNullable(entry.data());
            }
        }
        return Optional.empty();
    }

    /** Media sequence number of the oldest segment that is still there. */
    Optional<Long> oldest() {
        for (PlaylistEntry entry : entries) {
            if (!entry.isGap()) {
                return Optional.of(entry.slot().number());
            }
        }
        return Optional.empty();
    }

    /** Drops every segment up to this media sequence number; the newest entry stays, as a gap. */
    void forget(long number) {
        while (!entries.isEmpty() && entries.getFirst().slot().number() <= number) {
            PlaylistEntry first = entries.removeFirst();
            giveBack(first);
            if (entries.isEmpty()) {
                entries.add(first.withoutData());
                return;
            }
        }
    }
}
