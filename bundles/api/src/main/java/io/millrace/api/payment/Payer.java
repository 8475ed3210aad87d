package io.millrace.api.payment;

import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Payment;
import java.math.BigInteger;
import org.osgi.annotation.versioning.ConsumerType;

/** Stages and settles what a job costs a gateway. It never sees the job. */
@ConsumerType
public interface Payer {

    /**
     * Sets aside what a job of about so many units may cost under this offer.
     *
     * @param units estimated, in the unit of the offer's price
     * @throws io.millrace.api.value.Fault when the account cannot pay
     */
    Spend stage(Offer offer, BigInteger units);

    /** Money set aside for one submission; settled exactly once. */
    interface Spend {

        /** What to send along. */
        Payment payment();

        /** What became of it. */
        void settle(Settled outcome);
    }

    /** What became of a payment. */
    sealed interface Settled {

        /** The peer never saw it: the credit comes back. */
        record NotSent() implements Settled {}

        /** The peer saw it and gave nothing for it. */
        record Lost() implements Settled {}

        /** The peer worked for it, so many units. */
        record Used(BigInteger units) implements Settled {}
    }
}
