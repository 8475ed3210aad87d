package io.millrace.ops.metrics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;

/** Mean over the streams of what part of their last {@link #SEGMENTS} segments got renditions. Thread-safe. */
final class SuccessRate {

    static final int SEGMENTS = 30;

    /** Streams that count; beyond that the eldest goes. */
    static final int STREAMS = 1_000;

    private final LinkedHashMap<String, Deque<Boolean>> streams = new LinkedHashMap<>();

    synchronized void settled(String stream, boolean good) {
        Deque<Boolean> last = streams.computeIfAbsent(stream, name -> new ArrayDeque<>());
        last.addLast(good);
        if (last.size() > SEGMENTS) {
            last.removeFirst();
        }
        if (streams.size() > STREAMS) {
            streams.pollFirstEntry();
        }
    }

    synchronized void ended(String stream) {
        streams.remove(stream);
    }

    /** 1 when there is nothing to judge. */
    synchronized double value() {
        return streams.values().stream()
                .mapToDouble(last -> last.stream().mapToInt(good -> good ? 1 : 0).average().orElse(1))
                .average()
                .orElse(1);
    }
}
