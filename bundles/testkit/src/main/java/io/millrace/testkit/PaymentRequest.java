package io.millrace.testkit;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.payment.Payer;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Price;
import java.math.BigInteger;
import java.util.Optional;

/** What a payer is asked to pay for. */
public record PaymentRequest(Offer offer, BalanceId balance, JobSpec spec, BigInteger units, Optional<Price> maxPrice)
        implements Payer.Request {

    /** A job of the offer's session, at any price. */
    public static PaymentRequest of(Offer offer, long units) {
        return new PaymentRequest(
                offer,
                BalanceId.of(offer.token().session()),
                JobSpec.anything(),
                BigInteger.valueOf(units),
                Optional.empty());
    }

    /** The same, at this price at most. */
    public PaymentRequest atMost(Price newMaxPrice) {
        return new PaymentRequest(offer, balance, spec, units, Optional.of(newMaxPrice));
    }
}
