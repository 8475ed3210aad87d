package io.millrace.api.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Price;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Stages and settles what a job costs a gateway. It never sees the job. Thread-safe; jobs of one session are staged
 * in parallel.
 */
@ConsumerType
public interface Payer {

    /**
     * Sets aside what a job may cost.
     *
     * @return what to send along, or why nothing can be paid
     */
    Staging stage(Request request, Deadline deadline);

    /**
     * What keeps it from paying anybody now, a line for the operator; empty when nothing does. The call waits for
     * nobody.
     */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** The limits of spending that the operator has set, and how they are used. The call waits for nobody. */
    default List<SpendLimit> limits() {
        return List.of();
    }

    /** What is to be paid for. More may be said of it in later versions. */
    @ProviderType
    interface Request {

        /** The offer that the job is handed in under. */
        Offer offer();

        /** What the balance at the orchestrator is kept for. */
        BalanceId balance();

        /** What the job needs, with its capability and model. */
        JobSpec spec();

        /** How much of it there is, estimated, in the unit of the offer's price. */
        BigInteger units();

        /** The most that the operator pays for a unit; empty for any price. */
        Optional<Price> maxPrice();
    }

    /** What became of asking for money. */
    sealed interface Staging permits Spend, Declined {}

    /** Money set aside for one submission; settled exactly once. */
    non-sealed interface Spend extends Staging {

        /** What to send along. */
        Payment payment();

        /** What became of it. It returns at once and throws nothing that concerns the job. */
        void settle(Settled outcome);
    }

    /**
     * Nothing can be paid.
     *
     * @param reason from a closed vocabulary
     * @param message for a person
     */
    record Declined(Reason reason, String message) implements Staging {

        /** Why not, and what the caller does next. */
        public enum Reason {
            /** The terms of the offer have expired, or expire too soon. */
            TERMS_EXPIRED(Consequence.RENEW_OFFER),
            /** The terms are not acceptable: expected value, face value or winning chance. */
            TERMS(Consequence.RETRY_ELSEWHERE),
            /** The price is missing, over the maximum, or has risen too far since the session began. */
            PRICE(Consequence.RETRY_ELSEWHERE),
            /** The account has no deposit or no reserve, or is being unlocked. */
            FUNDS(Consequence.GIVE_UP),
            /** A limit of spending that the operator set is reached. */
            SPEND_LIMIT(Consequence.GIVE_UP),
            /** A limit of spending with this orchestrator, which the operator set, is reached. */
            PEER_LIMIT(Consequence.RETRY_ELSEWHERE),
            /** The wallet, the ledger or the chain cannot be asked now. */
            UNAVAILABLE(Consequence.RETRY_HERE);

            private final Consequence consequence;

            Reason(Consequence consequence) {
                this.consequence = consequence;
            }

            /** What the caller does next. */
            public Consequence consequence() {
                return consequence;
            }
        }
    }

    /** What became of a payment. */
    sealed interface Settled {

        /** The peer never saw it: the credit comes back. */
        record NotSent() implements Settled {}

        /** It left, and no answer came: the peer may have taken it or not. */
        record NotKnown() implements Settled {}

        /** The peer saw it and gave nothing for it. */
        record Lost() implements Settled {}

        /** The peer worked for it, so many units. */
        record Used(BigInteger units) implements Settled {}
    }
}
