package io.millrace.kernel.gateway.session;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.SelectionPolicy;
import io.millrace.api.network.SelectionPolicy.Candidate;
import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.lease.CallFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The policy that is there now; {@link LatencySelection} when there is none, or when it fails. */
public final class Policies {

    /** How long a choice may take: a segment waits for it. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Leased<SelectionPolicy> policies;
    private final Foreign foreign;
    private final SelectionPolicy standard = new LatencySelection();

    /** Asks the best of these. */
    public Policies(Leased<SelectionPolicy> policies, Foreign foreign) {
        this.policies = policies;
        this.foreign = foreign;
    }

    /** Never parks, never throws; a policy that takes too long is not waited for. */
    List<Ranked> rank(JobSpec spec, List<Candidate> candidates) {
        Optional<Lease<SelectionPolicy>> taken = policies.takeNow(policy -> true);
        if (taken.isEmpty()) {
            return standard.rank(spec, candidates);
        }
        try (Lease<SelectionPolicy> lease = taken.get()) {
            return foreign.call(
                    lease, LIMIT, policy -> known(policy.rank(spec, List.copyOf(candidates)), candidates));
        } catch (CallFailed e) {
            return explained(standard.rank(spec, candidates), e);
        }
    }

    private static List<Ranked> known(List<Ranked> ranked, List<Candidate> candidates) {
        List<Ranked> known = new ArrayList<>(ranked);
        known.removeIf(one -> candidates.stream().noneMatch(candidate -> candidate == one.candidate()));
        return known;
    }

    private static List<Ranked> explained(List<Ranked> ranked, RuntimeException failure) {
        return ranked.stream()
                .map(one -> new Ranked(
                        one.candidate(), one.eligible(), one.reason() + " (the selection policy failed: " + failure.getMessage() + ")"))
                .toList();
    }
}
