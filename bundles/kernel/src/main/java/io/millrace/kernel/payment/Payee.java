package io.millrace.kernel.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Price;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an orchestrator asks for its work, and what it takes. Its own price counts, never the sender's: the price
 * that a balance began with is pinned to it. Thread-safe; calls of one balance may come in parallel.
 */
public interface Payee {

    /** What keeps it from taking payments now, in words that end "... and X"; empty when nothing does. */
    Optional<String> obstacle();

    /**
     * What is asked of a caller.
     *
     * @param price for the job that was asked about. When it is free it is empty off-chain and zero on-chain, where
     *     gateways insist on a price
     * @param prices for other work, by capability and model
     * @param ticketParams how to pay; empty off-chain
     * @param base the price before the cost of redemptions was added
     * @param reasons how the price comes about, a sentence each
     */
    record Terms(
            Optional<Price> price,
            Map<Integer, Map<String, Price>> prices,
            Optional<TicketParams> ticketParams,
            Optional<Price> base,
            List<String> reasons) {

        /** Nothing is asked. */
        public static final Terms FREE =
                new Terms(Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), List.of());
    }

    /** What became of asking for terms. */
    sealed interface Asked {

        /** These are they. */
        record Of(Terms terms) implements Asked {}

        /**
         * No terms can be made for this caller now, for example because its reserve is too small.
         *
         * @param cause the reason for the operator, where the refusal has the words of the network
         */
        record No(Refusal refusal, String cause) implements Asked {

            /** A refusal that says its cause itself. */
            public No(Refusal refusal) {
                this(refusal, refusal.message());
            }
        }
    }

    /** What is asked of this caller for such a job. */
    Asked terms(JobSpec spec, Caller caller);

    /**
     * Takes a payment, before the body of its job is read and before any work. Credit and winning tickets are on
     * disk when it returns.
     *
     * @param balance what the sender's balance is kept for
     * @return why the work cannot be begun; empty when the balance covers it. Credit that was taken stays, even when
     *     the job is refused.
     */
    Optional<Refusal> receive(JobSpec spec, BalanceId balance, Payment payment);

    /**
     * Takes off the balance what work cost, by the price that is pinned to it. Called once for each job that was
     * worked on, also with 0 units when it failed; never on the thread that the caller waits for longer than needed.
     */
    void debit(JobSpec spec, BalanceId balance, Payment payment, long units);
}
