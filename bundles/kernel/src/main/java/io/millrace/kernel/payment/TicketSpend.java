package io.millrace.kernel.payment;

import io.millrace.api.orchestrator.Payment;
import io.millrace.api.payment.Payer.Settled;
import io.millrace.api.payment.Payer.Spend;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Tickets and credit for one job; what became of them counts once. */
final class TicketSpend implements Spend {

    private final Payment payment;
    private final Consumer<Settled> settling;
    private final AtomicBoolean settled = new AtomicBoolean();

    TicketSpend(Payment payment, Consumer<Settled> settling) {
        this.payment = payment;
        this.settling = settling;
    }

    @Override
    public Payment payment() {
        return payment;
    }

    @Override
    public void settle(Settled outcome) {
        if (settled.compareAndSet(false, true)) {
            settling.accept(outcome);
        }
    }
}
