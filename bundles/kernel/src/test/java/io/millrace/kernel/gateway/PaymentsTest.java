package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Payer;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.lease.Leased;
import io.millrace.testkit.ManualClock;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaymentsTest {

    private static final String NOBODY = "nobody is paid, and nothing is sent to orchestrators: ";

    private final Leased<Payer> payers = new Leased<>("payer", new ManualClock());
    private boolean onChain = true;
    private final Payments payments = new Payments(payers, () -> onChain);

    /** A payer that says this of itself. */
    private record Telling(Optional<String> said) implements Payer {

        @Override
        public Optional<String> obstacle() {
            return said;
        }

        @Override
        public Staging stage(Request request, Deadline deadline) {
            throw new AssertionError("nothing is to be paid");
        }
    }

    @Test
    void whatKeepsAnOnChainGatewayFromPayingIsTold() {
        assertEquals(Optional.of(NOBODY + "nothing is installed that pays"), payments.obstacle());
        payers.bind(new Telling(Optional.of("there is no ledger: configure it")), 0);
        assertEquals(Optional.of(NOBODY + "there is no ledger: configure it"), payments.obstacle());
        payers.bind(new Telling(Optional.empty()), 1);
        assertEquals(Optional.empty(), payments.obstacle());
    }

    @Test
    void anOffChainGatewayPaysNobody() {
        onChain = false;
        assertEquals(Optional.empty(), payments.obstacle());
    }

    @Test
    void aPayerThatFailsIsNamed() {
        payers.bind(
                new Payer() {
                    @Override
                    public Optional<String> obstacle() {
                        throw new IllegalStateException("on purpose");
                    }

                    @Override
                    public Staging stage(Request request, Deadline deadline) {
                        throw new AssertionError("nothing is to be paid");
                    }
                },
                0);
        String told = payments.obstacle().orElseThrow();
        assertTrue(told.startsWith("nobody may be paid: the payer of ") && told.endsWith("on purpose"), told);
    }
}
