package io.millrace.kernel.gateway;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.value.Registration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Puts segments that arrive and are settled in any order into ascending order: each source once, then
 * its renditions once. A number that is missing holds later ones up until so many of them wait or
 * until an alarm rings; then it is passed over, and the next one is marked as discontinuous.
 *
 * <p>Used by one thread at a time.
 */
final class PublicationOrder {

    /** Where segments go, in order. */
    interface Outlet {
        void source(Segment segment, MediaInfo info);

        void renditions(Segment segment, List<Rendition> renditions);
    }

    private final Outlet outlet;
    private final int window;
    private final Function<Runnable, Registration> alarm;
    private final TreeMap<Long, Arrived> held = new TreeMap<>();
    private final TreeMap<Long, Segment> unsettled = new TreeMap<>();
    private final Map<Long, List<Rendition>> settled = new HashMap<>();
    private Registration ringing;
    private long next = -1;
    private long step = 1;
    private long lastGap;

    private record Arrived(Segment segment, MediaInfo info) {}

    /**
     * Publishes to {@code outlet}.
     *
     * @param window later segments that may wait for a missing one
     * @param alarm arranges that a task is run, on this order's thread, when waiting is enough
     */
    PublicationOrder(Outlet outlet, int window, Function<Runnable, Registration> alarm) {
        this.outlet = outlet;
        this.window = window;
        this.alarm = alarm;
    }

    /** A segment is here. False when its place has been passed over. */
    boolean arrived(Segment segment, MediaInfo info) {
        if (segment.sequence() < next) {
            return false;
        }
        held.put(segment.sequence(), new Arrived(segment, info));
        release();
        return true;
    }

    /**
     * A segment has its renditions, or will have none. A segment that was sent twice is settled twice: once it has
     * renditions it keeps them.
     */
    void settled(Segment segment, List<Rendition> renditions) {
        long number = segment.sequence();
        if (held.containsKey(number) || unsettled.containsKey(number)) {
            settled.merge(number, renditions, (before, now) -> before.isEmpty() ? now : before);
            flush();
        }
    }

    /** Nothing more comes: everything is published, with what there is. */
    void finish() {
        while (!held.isEmpty()) {
            show(held.firstKey());
        }
        stopAlarm();
        for (Segment segment : List.copyOf(unsettled.values())) {
            settled.putIfAbsent(segment.sequence(), List.of());
        }
        flush();
    }

    private void release() {
        while (!held.isEmpty() && (inTurn(held.firstKey()) || held.size() > window)) {
            show(held.firstKey());
        }
        if (held.isEmpty()) {
            stopAlarm();
        } else if (ringing == null) {
            ringing = alarm.apply(this::enough);
        }
        flush();
    }

    private boolean inTurn(long number) {
        // a publisher may begin with any number, but one that begins with 0 surely begins
        return next < 0 ? number == 0 : number == next || number == next - 1 + step;
    }

    private void enough() {
        ringing = null;
        if (!held.isEmpty()) {
            show(held.firstKey());
            release();
        }
    }

    private void show(long number) {
        Arrived arrived = held.remove(number);
        Segment segment = arrived.segment();
        boolean gap = next >= 0 && !inTurn(number);
        if (gap) {
            long distance = number - next + 1;
            // the same distance twice is a publisher that counts in such steps, and loses nothing
            step = distance == lastGap ? distance : 1;
            lastGap = distance;
            segment = new Segment(
                    number, segment.duration(), segment.data(), segment.clip(), segment.wallTime(), true);
        } else if (number == next) {
            step = 1;
            lastGap = 0;
        }
        next = number + 1;
        unsettled.put(number, segment);
        outlet.source(segment, arrived.info());
    }

    private void flush() {
        while (!unsettled.isEmpty()) {
            Entry<Long, Segment> first = unsettled.firstEntry();
            List<Rendition> renditions = settled.remove(first.getKey());
            if (renditions == null) {
                return;
            }
            unsettled.pollFirstEntry();
            outlet.renditions(first.getValue(), renditions);
        }
    }

    private void stopAlarm() {
        if (ringing != null) {
            ringing.close();
            ringing = null;
        }
    }
}
