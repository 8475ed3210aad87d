package io.millrace.kernel.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says its price and takes no money: off-chain there is nobody to pay it through. A payment that comes along all the
 * same is looked at for sense and let be.
 */
public final class OffChainPayee implements Payee {

    /** Most tickets in one payment; gateways of the network send at most as many. */
    static final int MAX_TICKETS = 100;

    private final PriceList prices;

    /** Says these prices. */
    public OffChainPayee(PriceList prices) {
        this.prices = prices;
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.empty();
    }

    @Override
    public Asked terms(JobSpec spec, Caller caller) {
        try {
            PriceList.Listed listed = prices.known(caller.address(), spec);
            return listed.price().isFree()
                    ? new Asked.Of(Terms.FREE)
                    : new Asked.Of(new Terms(
                            Optional.of(listed.price()),
                            Map.of(),
                            Optional.empty(),
                            Optional.of(listed.price()),
                            listed.reasons()));
        } catch (Fault e) {
            // a currency whose worth only a chain knows
            return new Asked.Of(new Terms(
                    Optional.empty(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of("off-chain nothing is paid, and " + e.getMessage())));
        }
    }

    @Override
    public Optional<Refusal> receive(JobSpec spec, BalanceId balance, Payment payment) {
        return objection(payment).map(text -> new Refusal(Refusal.Reason.PAYMENT, text));
    }

    @Override
    public void debit(JobSpec spec, BalanceId balance, Payment payment, long units) {
        // no balance is kept
    }

    private static Optional<String> objection(Payment payment) {
        boolean nobody = payment.sender().equals(Address.NONE);
        if (payment.tickets().size() > MAX_TICKETS) {
            return Optional.of("a payment has at most " + MAX_TICKETS + " tickets");
        }
        if (!payment.tickets().isEmpty() && payment.params().isEmpty()) {
            return Optional.of("tickets without the terms they were signed for");
        }
        if (nobody && (payment.params().isPresent() || !payment.tickets().isEmpty())) {
            return Optional.of("a payment without a sender");
        }
        if (!nobody && payment.tickets().isEmpty() && payment.expectedPrice().isEmpty()) {
            return Optional.of("a payment with neither tickets nor a price");
        }
        return Optional.empty();
    }
}
