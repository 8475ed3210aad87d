package io.millrace.kernel.gateway.carry;

import io.millrace.api.orchestrator.Payment;
import io.millrace.api.payment.Payer;
import io.millrace.api.value.Deadline;

/** Pays nothing: the network off-chain. */
public final class FreePayer implements Payer {

    private static final Spend NOTHING = new Spend() {
        @Override
        public Payment payment() {
            return Payment.NONE;
        }

        @Override
        public void settle(Settled outcome) {
            // nothing was set aside
        }
    };

    @Override
    public Staging stage(Request request, Deadline deadline) {
        return NOTHING;
    }
}
