package io.millrace.api.node;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.osgi.annotation.versioning.ProviderType;

/** What an operator may ask of a running node. */
@ProviderType
public interface NodeControl {

    /** A stream of the gateway. */
    record StreamStatus(
            ManifestId manifest,
            String origin,
            Instant since,
            List<String> renditions,
            long segments,
            long dropped,
            int inFlight,
            Optional<URI> orchestrator) {}

    /** A session of the orchestrator. */
    record SessionStatus(String session, Instant since, long segments, int queued) {}

    /**
     * A price that is configured.
     *
     * @param gateway whom it is for; {@link Address#NONE} for everybody
     * @param capability what it is for; empty for transcoding, and for what has no price of its own
     * @param model whose it is; empty for all models of the capability
     * @param text as it is configured, such as {@code 0.5USD/1000000}
     * @param perUnit what that is in wei now; empty while the worth of its currency is not known
     */
    record ConfiguredPrice(
            Address gateway, OptionalInt capability, String model, String text, Optional<Rational> perUnit) {}

    /**
     * What a gateway is quoted for a job, and why.
     *
     * @param price what it is quoted; empty when it is quoted none
     * @param base the price before the cost of redemptions is added
     * @param ticketParams how it may pay; empty off-chain
     * @param reasons how the price comes about, in order, one sentence each
     * @param refusal why it is quoted no price, in words; empty when it is quoted one, or when nothing is asked
     */
    record PriceQuote(
            Optional<Price> price,
            Optional<Price> base,
            Optional<TicketParams> ticketParams,
            List<String> reasons,
            Optional<String> refusal) {}

    /** Streams that run now; empty on a node that is no gateway. */
    List<StreamStatus> streams();

    /** Sessions that run now; empty on a node that is no orchestrator. */
    List<SessionStatus> sessions();

    /** Sessions that may run at once; 0 on a node that is no orchestrator. */
    default int maxSessions() {
        return 0;
    }

    /** What keeps this node from serving, one line each; empty when it can. */
    List<String> obstacles();

    /**
     * What makes this node do less than it could although it serves, one line each: a gateway without
     * an orchestrator still publishes the source.
     */
    default List<String> cautions() {
        return List.of();
    }

    /** Prices that the orchestrator asks, the one for everybody first; empty on a node that is no orchestrator. */
    default List<ConfiguredPrice> prices() {
        return List.of();
    }

    /** The most that the gateway pays, for everything first; empty on a node that is no gateway or pays any price. */
    default List<ConfiguredPrice> maxPrices() {
        return List.of();
    }

    /**
     * What a gateway would be quoted for such a job now, by the code that answers the network; nothing is promised to
     * anybody.
     *
     * @return empty on a node that is no orchestrator
     */
    default Optional<PriceQuote> quote(Address gateway, JobSpec job, Deadline deadline) {
        return Optional.empty();
    }

    /** The limits of spending that the operator has set, and how they are used. */
    default List<SpendLimit> spendLimits() {
        return List.of();
    }

    /** Ends a stream; false when there is none of that name. */
    boolean endStream(ManifestId manifest);

    /** Whether it takes nothing new because it is being drained. */
    default boolean draining() {
        return false;
    }

    /**
     * Takes no new streams and sessions from now on, and waits while those that run go on until they end.
     * There is no way back; {@link #drain} follows.
     *
     * @return whether all ended in time
     */
    default boolean letEnd(Deadline deadline) {
        return false;
    }

    /**
     * Takes nothing new, waits for what runs, then closes playlists.
     *
     * @return whether all was finished in time
     */
    boolean drain(Deadline deadline);
}
