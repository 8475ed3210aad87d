package io.millrace.media.hls;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * The bit rates of one rendition, measured from its segments as RFC 8216 section 4.3.4.2 defines them.
 * What is published moves rarely: the peak only grows, in steps; the average moves when it is off by a
 * tenth. Not thread-safe.
 */
final class Bandwidth {

    private static final long STEP = 10_000;
    private static final double TOLERANCE = 0.1;
    private static final double SHORTEST = 0.5;
    private static final double LONGEST = 1.5;

    private final double targetSeconds;
    private final Deque<Sample> recent = new ArrayDeque<>();
    private double seconds;
    private double bits;
    private long peak;
    private long average;

    private record Sample(double seconds, double bits) {}

    Bandwidth(int targetSeconds) {
        this.targetSeconds = targetSeconds;
    }

    /** What a successor needs to go on. */
    Map<String, Object> state() {
        return Map.of("seconds", seconds, "bits", bits, "peak", peak, "average", average);
    }

    static Bandwidth of(HandoverState saved, int targetSeconds) {
        Bandwidth bandwidth = new Bandwidth(targetSeconds);
        bandwidth.seconds = saved.get("seconds", Double.class);
        bandwidth.bits = saved.get("bits", Double.class);
        bandwidth.peak = saved.get("peak", Long.class);
        bandwidth.average = saved.get("average", Long.class);
        return bandwidth;
    }

    /** Counts one more segment. */
    void add(Duration duration, long bytes) {
        Sample sample = new Sample(Math.max(0.001, duration.toMillis() / 1000.0), bytes * 8.0);
        seconds += sample.seconds;
        bits += sample.bits;
        recent.addFirst(sample);
        peak = Math.max(peak, roundUp(highestRate()));
        double now = bits / seconds;
        if (Math.abs(now - average) > now * TOLERANCE) {
            average = roundUp(now);
        }
    }

    // the largest rate of contiguous segments that last between half the target duration and one and a half
    private double highestRate() {
        double sumSeconds = 0;
        double sumBits = 0;
        double highest = 0;
        int used = 0;
        for (Sample sample : recent) {
            if (used > 0 && sumSeconds + sample.seconds > targetSeconds * LONGEST) {
                break;
            }
            sumSeconds += sample.seconds;
            sumBits += sample.bits;
            used++;
            if (sumSeconds >= targetSeconds * SHORTEST) {
                highest = Math.max(highest, sumBits / sumSeconds);
            }
        }
        while (recent.size() > used) {
            recent.removeLast();
        }
        return highest;
    }

    private static long roundUp(double rate) {
        return (long) Math.ceil(rate / STEP) * STEP;
    }

    /** Bits a second at the highest, never below the average. */
    long peak() {
        return Math.max(peak, average);
    }

    /** Bits a second on average. */
    long average() {
        return average;
    }
}
