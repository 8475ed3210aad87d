package io.millrace.kernel;

import io.millrace.api.job.JobSpec;
import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.node.NodeControl.PriceQuote;
import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import java.util.List;
import java.util.Optional;

/**
 * One part of a node as its operator sees it. Each role that is configured offers itself as a service
 * of this type; the node's control is made of all that are there.
 */
public interface Role {

    /** The roles, in the order they are drained: a gateway may need the orchestrator to finish. */
    enum Kind {
        GATEWAY,
        ORCHESTRATOR,
        REDEEMER
    }

    /** Which one. */
    Kind kind();

    /** What keeps it from serving, one line each for a person; empty when it can. */
    List<String> obstacles();

    /** What makes this half do less than it could although it serves, one line each. */
    default List<String> cautions() {
        return List.of();
    }

    /** Limits of spending that the operator has set, and how they are used. */
    default List<SpendLimit> spendLimits() {
        return List.of();
    }

    /** The limits of which four fifths are used, a line each for a person. */
    static List<String> near(List<SpendLimit> limits) {
        return limits.stream()
                .filter(limit -> limit.percent() >= 80)
                .map(limit -> limit.percent() + " % of the limit of " + limit.what() + " are spent, " + limit.spent() + " of "
                        + limit.most() + " (" + limit.name() + ")")
                .toList();
    }

    /** Streams that run now. */
    default List<StreamStatus> streams() {
        return List.of();
    }

    /** Sessions that run now. */
    default List<SessionStatus> sessions() {
        return List.of();
    }

    /** Prices that are asked, the one for everybody first. */
    default List<ConfiguredPrice> prices() {
        return List.of();
    }

    /** The most that is paid, for everything first. */
    default List<ConfiguredPrice> maxPrices() {
        return List.of();
    }

    /** What a gateway would be quoted for such a job now; empty where nothing is quoted. */
    default Optional<PriceQuote> quote(Address gateway, JobSpec job, Deadline deadline) {
        return Optional.empty();
    }

    /** Ends a stream; false when there is none of that name. */
    default boolean endStream(ManifestId manifest) {
        return false;
    }

    /** Sessions that may run at once; 0 where there are none. */
    default int maxSessions() {
        return 0;
    }

    /** Whether it takes nothing new. */
    default boolean draining() {
        return false;
    }

    /** Takes nothing new from now on; what runs goes on. */
    default void shut() {}

    /** Waits until what runs has ended by itself; whether it had in time. */
    default boolean awaitIdle(Deadline deadline) {
        return true;
    }

    /**
     * Takes nothing new and waits for what runs.
     *
     * @return whether all was finished in time
     */
    boolean drain(Deadline deadline);
}
