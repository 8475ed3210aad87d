package io.millrace.kernel.gateway.session;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.SelectionPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Stays with an orchestrator that keeps up; else the fastest known one; else one that was not tried
 * yet, in the order in which they answered; those that are slower than real time last.
 */
public final class LatencySelection implements SelectionPolicy {

    /** Seconds of work by seconds of video up to which an orchestrator keeps up. */
    public static final double KEEPS_UP = 1.0;

    private static final Comparator<Candidate> ORDER = Comparator.comparingInt(LatencySelection::group)
            .thenComparingDouble(candidate -> candidate.latencyScore().orElse(0))
            .thenComparing(Candidate::quoteLatency);

    @Override
    public List<Ranked> rank(JobSpec spec, List<Candidate> candidates) {
        return candidates.stream()
                .sorted(ORDER)
                .map(candidate -> new Ranked(candidate, true, reason(candidate)))
                .toList();
    }

    private static int group(Candidate candidate) {
        boolean known = candidate.latencyScore().isPresent();
        boolean keepsUp = known && candidate.latencyScore().getAsDouble() <= KEEPS_UP;
        if (candidate.used() && (keepsUp || candidate.inFlight() > 0)) {
            return 0;
        }
        if (candidate.inFlight() > 0) {
            return 4;
        }
        if (!known) {
            return 2;
        }
        return keepsUp ? 1 : 3;
    }

    private static String reason(Candidate candidate) {
        String speed = candidate.latencyScore().isPresent()
                ? speed(candidate.latencyScore().getAsDouble())
                : "It answered in " + candidate.quoteLatency().toMillis() + " ms and has not done a segment yet";
        return switch (group(candidate)) {
            case 0 -> speed + (candidate.inFlight() > 0 ? "; it has the segment before." : " and keeps the stream.");
            case 3 -> speed + ", which is too slow.";
            case 4 -> speed + "; it has " + candidate.inFlight() + " of this stream's segments already.";
            default -> speed + ".";
        };
    }

    /** As everywhere that people read, how many times faster than it plays; a score is the reverse of that. */
    private static String speed(double score) {
        return score > 0
                ? String.format(Locale.ROOT, "It works at %.2f x real time", 1 / score)
                : "It works in no time";
    }
}
