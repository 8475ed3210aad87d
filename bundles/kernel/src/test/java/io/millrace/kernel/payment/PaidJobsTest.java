package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.payment.Ledger.PendingWinner;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.payment.LedgerEntry.Debited;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.TicketsSent;
import io.millrace.api.payment.Payer.Settled;
import io.millrace.api.payment.Payer.Spend;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.payment.Ticket;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import io.millrace.testkit.InMemoryLedger;
import io.millrace.testkit.PaymentRequest;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A gateway pays an orchestrator for a thousand jobs of ten sessions, many at once; then the winners are redeemed. */
class PaidJobsTest {

    private static final int JOBS = 1000;
    private static final int SESSIONS = 10;

    private final MoneyRig rig = new MoneyRig();
    private final Address sender = rig.gateway.wallet.address();
    private final Address recipient = rig.orchestrator.wallet.address();
    private final Queue<Payment> delivered = new ConcurrentLinkedQueue<>();
    private final Queue<Payment> undelivered = new ConcurrentLinkedQueue<>();
    private final Map<String, BigInteger> worked = new ConcurrentHashMap<>();
    private final Map<String, Integer> fates = new ConcurrentHashMap<>();
    private final Set<String> tickets = ConcurrentHashMap.newKeySet();

    /** What becomes of a job. */
    private enum Fate {
        DONE,
        NOT_SENT,
        LOST,
        DONE_UNKNOWN,
        NOT_SENT_UNKNOWN
    }

    @Test
    void bothLedgersAndTheChainAgreeToTheWei() throws Exception {
        run(rig.gateway, rig.orchestrator, 0, JOBS / 2);
        Payment early = delivered.stream().filter(payment -> !payment.tickets().isEmpty()).findFirst().orElseThrow();

        // both nodes end without notice and start again
        MoneySide gateway = new MoneySide(rig.gateway.wallet, rig.gateway.ledger.reopened(), rig.chain, rig.clock);
        MoneySide orchestrator =
                new MoneySide(rig.orchestrator.wallet, rig.orchestrator.ledger.reopened(), rig.chain, rig.clock);
        assertEquals(
                Reason.PAYMENT_NONCE,
                rig.payee(orchestrator, rig.random)
                        .receive(JobSpec.anything(), new BalanceId("session0"), early)
                        .orElseThrow()
                        .reason());
        run(gateway, orchestrator, JOBS / 2, JOBS);
        assertEquals(2 + Fate.values().length, fates.size());
        assertTrue(fates.values().stream().allMatch(count -> count > JOBS / 20), fates.toString());

        assertTicketsAgree(gateway.ledger, orchestrator.ledger);
        assertBalancesAgree(gateway.ledger, orchestrator.ledger);
        assertRedemptionsAgree(orchestrator.ledger);
    }

    private void run(MoneySide gateway, MoneySide orchestrator, int from, int to) throws Exception {
        TicketPayer payer = new TicketPayer(gateway.ports, () -> MoneyRig.LIMITS);
        TicketPayee payee = rig.payee(orchestrator, rig.random);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> jobs = IntStream.range(from, to)
                    .<Future<?>>mapToObj(job -> threads.submit(() -> job(payer, payee, job)))
                    .toList();
            for (Future<?> job : jobs) {
                job.get();
            }
        }
    }

    /** Jobs of even sessions are done or were never sent; those of odd ones meet everything. */
    private void job(TicketPayer payer, TicketPayee payee, int number) {
        // the seeds of neighbours give java.util.Random nearly the same first number
        SplittableRandom random = new SplittableRandom(number);
        int session = number % SESSIONS;
        Fate fate = Fate.values()[random.nextInt(session % 2 == 0 ? 2 : Fate.values().length)];
        fates.merge((session % 2) + fate.name(), 1, Integer::sum);
        int estimated = 1 + random.nextInt(4000);
        // a little less than was estimated, as the estimate is meant to be
        BigInteger used = BigInteger.valueOf(estimated - random.nextInt(estimated / 10 + 1));
        String name = "session" + session;
        Spend spend = assertInstanceOf(
                Spend.class, payer.stage(PaymentRequest.of(rig.offer(payee, name), estimated), rig.soon()));
        Payment payment = spend.payment();
        payment.tickets().forEach(ticket -> assertTrue(
                tickets.add(payment.params().orElseThrow().recipientRandHash().hex() + ticket.nonce()),
                "a nonce is given out once"));
        boolean sent = fate != Fate.NOT_SENT && fate != Fate.NOT_SENT_UNKNOWN;
        if (sent) {
            assertEquals(Optional.empty(), payee.receive(JobSpec.anything(), new BalanceId(name), payment));
        }
        (sent ? delivered : undelivered).add(payment);
        if (fate == Fate.DONE || fate == Fate.DONE_UNKNOWN) {
            payee.debit(JobSpec.anything(), new BalanceId(name), payment, used.longValueExact());
            worked.merge(name, used, BigInteger::add);
        }
        spend.settle(
                switch (fate) {
                    case DONE -> new Settled.Used(used);
                    case NOT_SENT -> new Settled.NotSent();
                    case LOST -> new Settled.Lost();
                    case DONE_UNKNOWN, NOT_SENT_UNKNOWN -> new Settled.NotKnown();
                });
    }

    /** What left the gateway is what the orchestrator took and what was never sent. */
    private void assertTicketsAgree(InMemoryLedger gateway, InMemoryLedger orchestrator) {
        Rational sent = sum(gateway, TicketsSent.class, TicketsSent::expectedValue);
        Rational credited = sum(orchestrator, Credited.class, Credited::amount);
        assertEquals(sent, credited.plus(worth(undelivered)));
        assertEquals(credited, worth(delivered));
        assertTrue(credited.compareTo(Rational.of(100_000, 1)) > 0);
    }

    private void assertBalancesAgree(InMemoryLedger gateway, InMemoryLedger orchestrator) {
        BigInteger all = worked.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
        assertEquals(rig.price.of(all), sum(orchestrator, Debited.class, Debited::amount));
        for (int session = 0; session < SESSIONS; session++) {
            Rational paid = MoneyRig.paid(gateway, recipient, "session" + session);
            Rational received = MoneyRig.received(orchestrator, sender, "session" + session);
            if (session % 2 == 0) {
                assertEquals(received, paid);
            } else {
                assertTrue(received.compareTo(paid) > 0, "lost credit is the orchestrator's");
            }
        }
    }

    private void assertRedemptionsAgree(InMemoryLedger ledger) {
        Wei before = funds();
        rig.chain.mine(40);
        List<PendingWinner> winners = ledger.winners(Optional.of(sender), 10_000);
        BigInteger expected = BigInteger.ZERO;
        for (PendingWinner winner : winners) {
            Paid paid = assertInstanceOf(Paid.class, rig.chain.redeem(winner.ticket(), rig.soon()));
            ledger.append(
                    rig.clock.instant(),
                    List.of(new Redeemed(winner.ticket().hash(), paid.transaction(), paid.amount())));
            expected = expected.add(winner.ticket().ticket().params().faceValue());
        }
        assertEquals(winning(), winners.size());
        assertEquals(new Wei(expected), rig.chain.earned(recipient));
        assertEquals(before, funds().plus(rig.chain.earned(recipient)));
        assertEquals(
                Rational.of(expected), sum(ledger, Redeemed.class, redeemed -> redeemed.paid().toRational()));
        assertEquals(List.of(), ledger.winners(Optional.empty(), 1));
        assertTrue(expected.signum() > 0);
    }

    private Wei funds() {
        SenderFunds funds = rig.chain.funds(sender, recipient, rig.soon());
        return funds.deposit().plus(funds.reserve());
    }

    private long winning() {
        return delivered.stream()
                .flatMap(payment -> payment.tickets().stream().filter(ticket -> {
                    Bytes rand = rig.random.of(sender, payment.params().orElseThrow(), rig.price, "");
                    return new Ticket(sender, payment.params().orElseThrow(), ticket.nonce())
                            .wins(ticket.signature(), rand);
                }))
                .count();
    }

    private static Rational worth(Queue<Payment> payments) {
        return payments.stream()
                .filter(payment -> payment.params().isPresent())
                .map(payment -> Ticket.expectedValue(payment.params().get())
                        .times(Rational.of(payment.tickets().size(), 1)))
                .reduce(Rational.ZERO, Rational::plus);
    }

    private static <E extends LedgerEntry> Rational sum(
            InMemoryLedger ledger, Class<E> kind, Function<E, Rational> amount) {
        return ledger.entries().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .map(amount)
                .reduce(Rational.ZERO, Rational::plus);
    }
}
