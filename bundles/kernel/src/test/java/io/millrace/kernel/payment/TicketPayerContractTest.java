package io.millrace.kernel.payment;

import io.millrace.api.orchestrator.Offer;
import io.millrace.api.payment.Payer;
import io.millrace.testkit.PayerContract;

class TicketPayerContractTest extends PayerContract {

    private final MoneyRig rig = new MoneyRig();

    @Override
    protected Payer payer() {
        return rig.payer();
    }

    @Override
    protected Offer offer(String session) {
        return rig.offer(rig.payee(), session);
    }

    @Override
    protected Offer expired(String session) {
        Offer offer = offer(session);
        rig.chain.mine(39);
        return offer;
    }
}
