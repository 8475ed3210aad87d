package io.millrace.kernel.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Ledger.Balance;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.SessionId;
import io.millrace.api.value.Wei;
import io.millrace.testkit.InMemoryLedger;
import io.millrace.testkit.InMemorySettlement;
import io.millrace.testkit.InMemoryWallet;
import io.millrace.testkit.ManualClock;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway and an orchestrator with accounts, both sides of the money between them and the chain: a node of a test
 * takes {@link #payer} and {@link #payee} from here. The gateway has funds, the orchestrator is active; a ticket is
 * worth about 1,000 wei and one in four wins.
 */
public final class MoneyRig {

    /** What a ticket is worth: 1,000 wei on average, at most 4,000. */
    public static final TicketPolicy POLICY =
            new TicketPolicy(Wei.of(1000), 100, 100, Optional.of(Wei.of(4000)), false);

    /** What the gateway accepts. */
    public static final SenderLimits LIMITS = new SenderLimits(Wei.of(5000), Wei.of(1_000_000), 1);

    /** Time of all parts. */
    public final ManualClock clock = new ManualClock();

    /** Who can verify whom. */
    public final InMemoryWallet.Registry registry = new InMemoryWallet.Registry();

    /** The chain. */
    public final InMemorySettlement chain = new InMemorySettlement(registry.wallet("chain"));

    /** The gateway's side. */
    public final MoneySide gateway;

    /** The orchestrator's side. */
    public final MoneySide orchestrator;

    /** The secret behind the orchestrator's terms. */
    public final RecipientRandom random = new RecipientRandom(Bytes.hex("03" + "00".repeat(31)));

    /** What the orchestrator asks now, for everything. */
    public volatile Price price = Price.of(3, 2);

    /** Who redeems for the orchestrator; nobody but itself at first. */
    public volatile Optional<URI> redeemer = Optional.empty();

    /** With nothing in the ledgers. */
    public MoneyRig() {
        gateway = new MoneySide(registry.wallet("gateway"), new InMemoryLedger(), chain, clock);
        orchestrator = new MoneySide(registry.wallet("orchestrator"), new InMemoryLedger(), chain, clock);
        chain.activate(orchestrator.wallet.address());
        chain.fund(gateway.wallet.address(), new Wei(BigInteger.TEN.pow(9)), new Wei(BigInteger.TEN.pow(9)));
    }

    /** Who pays for the gateway. */
    public TicketPayer payer() {
        return new TicketPayer(gateway.ports, () -> LIMITS);
    }

    /** Who is paid for the orchestrator. */
    public TicketPayee payee() {
        return payee(orchestrator, random);
    }

    /** Who is paid after a restart. */
    public TicketPayee payee(MoneySide side, RecipientRandom withRandom) {
        PriceList list = new PriceList() {
            @Override
            public Listed price(Address sender, JobSpec spec) {
                return new Listed(price, List.of("there is one price"));
            }

            @Override
            public Listed known(Address sender, JobSpec spec) {
                return price(sender, spec);
            }

            @Override
            public Map<Integer, Map<String, Price>> prices(Address sender) {
                return Map.of(35, Map.of("a/model", Price.of(7, 1)));
            }
        };
        return new TicketPayee(side.ports, list, () -> POLICY, withRandom, redeemers(side));
    }

    /** Who hands a side's winning tickets to the redeemer, when the test says that there is one. */
    public RemoteRedemptions redeemers(MoneySide side) {
        return new RemoteRedemptions(side.ports, side.links, () -> redeemer);
    }

    /** The gateway as a caller that has this balance. */
    public Caller caller(String balance) {
        return new Caller(gateway.wallet.address(), Bytes.EMPTY, Optional.of(new BalanceId(balance)));
    }

    /** An offer of the orchestrator to the gateway. */
    public Offer offer(Payee payee, String session) {
        return switch (payee.terms(JobSpec.anything(), caller(session))) {
            case Payee.Asked.No no -> throw new AssertionError(no.refusal());
            case Payee.Asked.Of of -> Offer.at(
                            URI.create("loopback:local"),
                            new AuthToken(Bytes.EMPTY, new SessionId(session), clock.instant().plusSeconds(1800)))
                    .price(of.terms().price())
                    .ticketParams(of.terms().ticketParams())
                    .build();
        };
    }

    /** What the gateway has left at the orchestrator, by its own books. */
    public static Rational paid(Ledger ledger, Address recipient, String session) {
        return amount(ledger, BalanceKey.paid(recipient, new BalanceId(session)));
    }

    /** What a sender has left, by the orchestrator's books. */
    public static Rational received(Ledger ledger, Address sender, String session) {
        return amount(ledger, BalanceKey.received(sender, new BalanceId(session)));
    }

    /** What the gateway has left, by the orchestrator's books. */
    public Rational received(String session) {
        return received(orchestrator.ledger, gateway.wallet.address(), session);
    }

    /** Ten seconds from now. */
    public Deadline soon() {
        return Deadline.in(Duration.ofSeconds(10), clock);
    }

    private static Rational amount(Ledger ledger, BalanceKey key) {
        return ledger.balance(key).map(Balance::amount).orElse(Rational.ZERO);
    }
}
