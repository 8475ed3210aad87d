package io.millrace.kernel.control;

import io.millrace.api.job.JobSpec;
import io.millrace.api.node.NodeControl;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.Role;
import io.millrace.kernel.lease.Leased;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A node's control, made of those of its roles. */
class RoleControl implements NodeControl {

    final Leased<Role> roles;

    RoleControl(Leased<Role> roles) {
        this.roles = roles;
    }

    @Override
    public List<StreamStatus> streams() {
        return all(Role::streams);
    }

    @Override
    public List<SessionStatus> sessions() {
        return all(Role::sessions);
    }

    @Override
    public List<String> obstacles() {
        return roles.isEmpty()
                ? List.of("no role is configured: give io.millrace.kernel.gateway, io.millrace.kernel.orchestrator"
                        + " or io.millrace.kernel.redeemer a configuration")
                : all(Role::obstacles);
    }

    @Override
    public List<String> cautions() {
        // a price feed that fails concerns both roles
        return all(Role::cautions).stream().distinct().toList();
    }

    @Override
    public List<ConfiguredPrice> prices() {
        return all(Role::prices);
    }

    @Override
    public List<ConfiguredPrice> maxPrices() {
        return all(Role::maxPrices);
    }

    @Override
    public Optional<PriceQuote> quote(Address gateway, JobSpec job, Deadline deadline) {
        return roles.each(role -> role.quote(gateway, job, deadline)).stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Override
    public List<SpendLimit> spendLimits() {
        return all(Role::spendLimits);
    }

    @Override
    public boolean endStream(ManifestId manifest) {
        return roles.each(role -> role.endStream(manifest)).contains(true);
    }

    @Override
    public int maxSessions() {
        return roles.each(Role::maxSessions).stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public boolean draining() {
        return roles.each(Role::draining).contains(true);
    }

    /** No lease is held while it waits: a role that is taken away meanwhile ends what it has by itself. */
    @Override
    public boolean letEnd(Deadline deadline) {
        List<Role> all = inOrder();
        all.forEach(Role::shut);
        boolean ended = true;
        for (Role role : all) {
            ended &= role.awaitIdle(deadline);
        }
        return ended;
    }

    private List<Role> inOrder() {
        return roles.instances().stream().sorted(Comparator.comparing(Role::kind)).toList();
    }

    @Override
    public boolean drain(Deadline deadline) {
        boolean finished = true;
        for (Role role : inOrder()) {
            finished &= roles.take(role)
                    .map(lease -> {
                        try (lease) {
                            return lease.get().drain(deadline);
                        }
                    })
                    .orElse(true);
        }
        return finished;
    }

    private <R> List<R> all(Function<Role, List<R>> part) {
        return roles.each(part).stream().flatMap(Collection::stream).toList();
    }
}
