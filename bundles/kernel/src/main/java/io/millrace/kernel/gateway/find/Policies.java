package io.millrace.kernel.gateway.find;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.SelectionPolicy;
import io.millrace.api.network.SelectionPolicy.Candidate;
import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The policy that is there now; {@link LatencySelection} when there is none, or when it fails. */
public final class Policies {

    private final Leased<SelectionPolicy> policies;
    private final SelectionPolicy standard = new LatencySelection();

    /** Asks the best of these. */
    public Policies(Leased<SelectionPolicy> policies) {
        this.policies = policies;
    }

    /** Never parks, never throws. */
    List<Ranked> rank(JobSpec spec, List<Candidate> candidates) {
        for (SelectionPolicy policy : policies.instances()) {
            Optional<Lease<SelectionPolicy>> taken = policies.take(policy);
            if (taken.isPresent()) {
                try (Lease<SelectionPolicy> lease = taken.get()) {
                    return known(lease.get().rank(spec, candidates), candidates);
                } catch (RuntimeException e) {
                    return explained(standard.rank(spec, candidates), e);
                }
            }
        }
        return standard.rank(spec, candidates);
    }

    private static List<Ranked> known(List<Ranked> ranked, List<Candidate> candidates) {
        List<Ranked> known = new ArrayList<>(ranked);
        known.removeIf(one -> candidates.stream().noneMatch(candidate -> candidate == one.candidate()));
        return known;
    }

    private static List<Ranked> explained(List<Ranked> ranked, RuntimeException failure) {
        return ranked.stream()
                .map(one -> new Ranked(
                        one.candidate(), one.eligible(), one.reason() + " (the selection policy failed: " + failure + ")"))
                .toList();
    }
}
