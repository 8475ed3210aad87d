package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Price;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OffChainPayeeTest {

    private static final Address SENDER = new Address(Bytes.wrap(new byte[] {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
    }));
    private static final TicketParams TERMS = new TicketParams(
            Address.NONE, BigInteger.ONE, BigInteger.ONE, Bytes.EMPTY, BigInteger.ONE, BigInteger.ONE, 1, Bytes.EMPTY);
    private static final BalanceId BALANCE = new BalanceId("0a1b2c3d");
    private static final Payment.Ticket TICKET = new Payment.Ticket(1, Bytes.EMPTY);

    private final OffChainPayee payee = new OffChainPayee(new OnePrice(() -> Price.ZERO));

    @Test
    void nothingIsAskedAndNothingIsTaken() {
        assertEquals(Payee.Terms.FREE, terms(payee));
        assertTaken(Payment.NONE);
    }

    @Test
    void itsPriceIsSaidAsItIsAtThatMoment() {
        AtomicReference<Price> price = new AtomicReference<>(Price.of(3, 2));
        OffChainPayee asking = new OffChainPayee(new OnePrice(price::get));
        assertEquals(Optional.of(Price.of(3, 2)), terms(asking).price());
        price.set(Price.of(0, 7));
        assertEquals(Payee.Terms.FREE, terms(asking));
    }

    @Test
    void aPriceThatOnlyAChainKnowsIsNotSaidAndWhyIs() {
        Payee.Terms terms = terms(new OffChainPayee(new OnePrice(() -> {
            throw new Fault(Fault.Consequence.RETRY_ELSEWHERE, "what 1USD is in wei is not known");
        })));
        assertEquals(Optional.empty(), terms.price());
        assertEquals(List.of("off-chain nothing is paid, and what 1USD is in wei is not known"), terms.reasons());
    }

    @Test
    void aWholePaymentIsTakenThoughNobodyAskedForIt() {
        assertTaken(new Payment(SENDER, Optional.of(TERMS), List.of(TICKET), Optional.of(Price.of(1, 1))));
    }

    @Test
    void thePriceTheSenderBelievesInDoesNotMatter() {
        assertTaken(new Payment(SENDER, Optional.empty(), List.of(), Optional.of(Price.ZERO)));
        assertTaken(new Payment(SENDER, Optional.empty(), List.of(), Optional.of(Price.of(Long.MAX_VALUE, 1))));
    }

    @Test
    void ticketsWithoutTheirTermsAreRefused() {
        assertRefused(new Payment(SENDER, Optional.empty(), List.of(TICKET), Optional.of(Price.of(1, 1))));
    }

    @Test
    void aPaymentWithNeitherTicketsNorAPriceIsRefused() {
        assertRefused(new Payment(SENDER, Optional.empty(), List.of(), Optional.empty()));
    }

    @Test
    void aPaymentOfNobodyIsRefused() {
        assertRefused(new Payment(Address.NONE, Optional.of(TERMS), List.of(TICKET), Optional.empty()));
        assertRefused(new Payment(Address.NONE, Optional.of(TERMS), List.of(), Optional.empty()));
    }

    @Test
    void aFloodOfTicketsIsRefused() {
        List<Payment.Ticket> flood = Collections.nCopies(OffChainPayee.MAX_TICKETS + 1, TICKET);
        assertRefused(new Payment(SENDER, Optional.of(TERMS), flood, Optional.of(Price.of(1, 1))));
    }

    @Test
    void aDebitChangesNothing() {
        payee.debit(JobSpec.anything(), BALANCE, Payment.NONE, Long.MAX_VALUE);
        assertTaken(Payment.NONE);
    }

    private static Payee.Terms terms(Payee payee) {
        return assertInstanceOf(Payee.Asked.Of.class, payee.terms(JobSpec.anything(), Caller.ANONYMOUS))
                .terms();
    }

    private void assertTaken(Payment payment) {
        assertEquals(Optional.empty(), payee.receive(JobSpec.anything(), BALANCE, payment));
    }

    private void assertRefused(Payment payment) {
        Refusal refusal = payee.receive(JobSpec.anything(), BALANCE, payment).orElseThrow();
        assertEquals(Refusal.Reason.PAYMENT, refusal.reason());
        assertTrue(!refusal.message().isBlank());
    }
}
