package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.Redemption;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.payment.Settlement.Redemption.Reason;
import io.millrace.api.payment.Settlement.Redemption.Refused;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.devnet.DevAccount;
import java.math.BigInteger;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the published contracts refuse, in their words, and what is refused before they are asked. */
class RejectionsTest {

    private static final Wei ETHER = new Wei(BigInteger.TEN.pow(18));
    private static final DevAccount SENDER = TestChain.SENDER;
    private static final Address RECIPIENT = TestChain.ORCHESTRATOR.address();

    private static TestChain chain;

    private ArbitrumSettlement settlement;
    private ChainState state;

    @BeforeAll
    static void start() {
        chain = TestChain.start();
    }

    @AfterAll
    static void stop() {
        chain.close();
    }

    @BeforeEach
    void open() {
        chain.reset();
        chain.local.fund(SENDER, ETHER, ETHER);
        settlement = chain.settlement(TestChain.REDEEMER);
        Waiting.until(() -> ArbitrumSettlementTest.seen(settlement));
        state = settlement.state(Tickets.soon());
    }

    @AfterEach
    void close() {
        settlement.close();
    }

    private Redemption redeem(WinningTicket winner) {
        return settlement.redeem(winner, Tickets.soon());
    }

    private void assertRefused(Reason reason, String words, WinningTicket winner) {
        Refused refused = assertInstanceOf(Refused.class, redeem(winner));
        assertTrue(refused.message().contains(words), refused.message());
        assertEquals(reason, refused.reason());
    }

    private WinningTicket winner() {
        return Tickets.winner(SENDER, RECIPIENT, state);
    }

    private WinningTicket winner(long round, Bytes blockHash) {
        return Tickets.winner(SENDER, RECIPIENT, Tickets.FACE_VALUE, round, blockHash);
    }

    private static WinningTicket signed(WinningTicket winner, Bytes signature) {
        return new WinningTicket(winner.ticket(), signature, winner.recipientRand());
    }

    @Test
    void theContractKnowsATicketByTheSameHash() {
        WinningTicket winner = winner();
        assertTrue(Abi.redeem(winner).startsWith("0xec8b3cb6"));
        assertInstanceOf(Paid.class, redeem(winner));
        assertEquals(BigInteger.ONE, chain.local.number("TicketBroker", "usedTickets", winner.hash()));
    }

    @Test
    void aTicketIsUsedOnce() {
        WinningTicket winner = winner();
        assertInstanceOf(Paid.class, redeem(winner));
        assertRefused(Reason.USED, "ticket is used", winner);
    }

    @Test
    void anotherNumberThanTheHashedOne() {
        WinningTicket winner = winner();
        assertRefused(
                Reason.INVALID,
                "recipientRand does not match recipientRandHash",
                new WinningTicket(winner.ticket(), winner.signature(), Keccak256.of(Tickets.RAND)));
    }

    @Test
    void aSignatureOverTheBareHashOrOfAnother() {
        WinningTicket winner = winner();
        String words = "invalid signature over ticket hash";
        assertRefused(Reason.INVALID, words, signed(winner, SENDER.signDigest(winner.hash())));
        assertRefused(Reason.INVALID, words, signed(winner, TestChain.STRANGER.sign(winner.hash())));
    }

    @Test
    void aSignatureThatIsNone() {
        WinningTicket winner = winner();
        byte[] bytes = winner.signature().toArray();
        bytes[64] = 29;
        assertRefused(Reason.INVALID, "invalid signature", signed(winner, Bytes.wrap(bytes)));
        // one of 64 bytes is a short form to the contracts of the package, and INVALID_SIGNATURE_LENGTH to those of today
        assertRefused(Reason.INVALID, "ignature", signed(winner, Bytes.wrap(Arrays.copyOf(bytes, 63))));
    }

    /** The contracts of today say some things otherwise than those of the package. */
    @Test
    void theWordsOfAllVersionsAreUnderstood() {
        assertEquals(Reason.INVALID, Redeemer.reason("ECDSA: invalid signature 'v' value"));
        assertEquals(Reason.INVALID, Redeemer.reason("ECDSA: invalid signature"));
        assertEquals(Reason.INVALID, Redeemer.reason("INVALID_SIGNATURE_LENGTH"));
        assertEquals(Reason.INVALID, Redeemer.reason("ticket did not win"));
        assertEquals(Reason.NOT_NOW, Redeemer.reason("something new"));
    }

    @Test
    void aTicketThatDidNotWin() {
        WinningTicket good = winner();
        TicketParams params = good.ticket().params();
        Ticket hopeless = new Ticket(
                SENDER.address(),
                new TicketParams(
                        RECIPIENT,
                        params.faceValue(),
                        BigInteger.ZERO,
                        params.recipientRandHash(),
                        params.seed(),
                        params.expirationBlock(),
                        params.creationRound(),
                        params.creationRoundBlockHash()),
                1);
        assertRefused(
                Reason.INVALID,
                "ticket did not win",
                new WinningTicket(hopeless, SENDER.sign(hopeless.hash()), Tickets.RAND));
    }

    @Test
    void aTicketOfNoRound() {
        assertRefused(Reason.INVALID, "invalid length for ticket auxData", winner(0, Bytes.EMPTY));
        assertRefused(Reason.INVALID, "creationRoundBlockHash invalid", winner(state.round(), Keccak256.of(Tickets.RAND)));
        assertRefused(Reason.EXPIRED, "does not have a block hash", winner(state.round() + 1, state.roundBlockHash()));
    }

    @Test
    void aTicketOfARoundLongAgo() {
        WinningTicket winner = winner();
        chain.local.nextRound();
        chain.local.nextRound();
        Waiting.until(() -> settlement.state(Tickets.soon()).round() == state.round() + 2);
        assertRefused(Reason.EXPIRED, "ticket is expired", winner);
    }

    @Test
    void aRecipientThatIsNotRegistered() {
        assertRefused(
                Reason.NOT_NOW,
                "transcoder must be registered",
                Tickets.winner(SENDER, TestChain.STRANGER.address(), state));
    }

    @Test
    void aSenderWithoutFunds() {
        assertRefused(
                Reason.FUNDS,
                "sender deposit and reserve are zero",
                Tickets.winner(TestChain.STRANGER, RECIPIENT, state));
    }

    @Test
    void aTicketThatNothingIsLeftForIsNotBurnt() {
        // half of the reserve is the part of another orchestrator, so that a claimed part leaves a reserve
        chain.local.register(DevAccount.of(5), BigInteger.TEN.pow(20), 0, 0, URI.create("https://other:8935"));
        chain.local.nextRound();
        DevAccount poor = DevAccount.of(6);
        chain.local.fund(poor, Wei.ZERO, new Wei(Tickets.FACE_VALUE));
        Waiting.until(() -> settlement.state(Tickets.soon()).poolSize() == 2);
        Waiting.until(() -> settlement.funds(poor.address(), RECIPIENT, Tickets.soon()).reserve().amount().signum() > 0);
        ChainState now = settlement.state(Tickets.soon());
        Paid half = assertInstanceOf(Paid.class, redeem(Tickets.winner(poor, RECIPIENT, now)));
        assertEquals(Tickets.FACE_VALUE.divide(BigInteger.TWO), half.amount().amount());
        Waiting.until(() -> settlement.funds(poor.address(), RECIPIENT, Tickets.soon()).claimedByClaimant().amount().signum() > 0);
        WinningTicket second = Tickets.winner(poor, RECIPIENT, now);
        assertRefused(Reason.FUNDS, "nothing of its reserve can be claimed", second);
        assertEquals(BigInteger.ZERO, chain.local.number("TicketBroker", "usedTickets", second.hash()));
    }

    @Test
    void aRoundThatIsNotInitialized() {
        chain.local.mine(150);
        Waiting.until(() -> !settlement.state(Tickets.soon()).roundInitialized());
        assertRefused(Reason.NOT_NOW, "current round is not initialized", winner());
        chain.local.initializeRound();
        Waiting.until(() -> settlement.state(Tickets.soon()).roundInitialized());
        assertInstanceOf(Paid.class, redeem(winner()));
    }

    @Test
    void aSenderThatMayWithdraw() {
        chain.local.unlock(SENDER);
        chain.local.nextRound();
        chain.local.nextRound();
        Waiting.until(() -> settlement.state(Tickets.soon()).round() == state.round() + 2);
        ChainState now = settlement.state(Tickets.soon());
        assertRefused(Reason.FUNDS, "sender is unlocked", Tickets.winner(SENDER, RECIPIENT, now));
    }

    @Test
    void aSystemThatIsPaused() {
        Address owner = DevAccount.of(0).address();
        chain.local.send(owner, chain.local.controller(), Abi.call("pause"));
        WinningTicket winner = winner();
        assertRefused(Reason.NOT_NOW, "system is paused", winner);
        chain.local.send(owner, chain.local.controller(), Abi.call("unpause"));
        assertInstanceOf(Paid.class, redeem(winner));
    }

    @Test
    void aTicketThatDoesNotPayForItsGas() {
        BigInteger little = BigInteger.valueOf(1000);
        assertRefused(
                Reason.NOT_NOW,
                "it would pay 1000 wei and cost",
                Tickets.winner(SENDER, RECIPIENT, little, state.round(), state.roundBlockHash()));
    }

    @Test
    void gasThatIsDearerThanTheOperatorPaysSendsNothing() {
        try (ArbitrumSettlement frugal = chain.settlement(
                TestChain.REDEEMER,
                s -> new ArbitrumSettlement.Settings(
                        s.rpc(),
                        s.controller(),
                        s.poll(),
                        s.maxAge(),
                        s.replaceAfter(),
                        s.maxReplacements(),
                        Optional.of(Wei.of(1))))) {
            Waiting.until(() -> ArbitrumSettlementTest.seen(frugal));
            Refused refused = assertInstanceOf(Refused.class, frugal.redeem(winner(), Tickets.soon()));
            assertTrue(refused.message().contains("more than maxGasPrice, 1 wei"), refused.message());
            assertEquals(Reason.NOT_NOW, refused.reason());
        }
    }

    @Test
    void aNumberThatFitsNoTicket() {
        Ticket ticket = Tickets.ticket(
                SENDER.address(), RECIPIENT, BigInteger.ONE.shiftLeft(256), state.round(), state.roundBlockHash());
        assertRefused(Reason.INVALID, "2^256", new WinningTicket(ticket, Bytes.wrap(new byte[65]), Tickets.RAND));
    }

    @Test
    void anAccountThatCannotPayForGasSendsNothing() {
        chain.local.rpc("anvil_setBalance", TestChain.REDEEMER.address(), "0x1");
        WinningTicket winner = winner();
        Refused refused = assertInstanceOf(Refused.class, redeem(winner));
        assertEquals(Reason.NOT_NOW, refused.reason());
        String message = refused.message().toLowerCase(Locale.ROOT);
        assertTrue(message.contains("insufficient funds"), message);
        chain.local.rpc("anvil_setBalance", TestChain.REDEEMER.address(), Json.hex(ETHER.amount()));
        assertInstanceOf(Paid.class, redeem(winner));
    }

    @Test
    void withoutAnAccountNothingIsSentAndAllIsRead() {
        try (ArbitrumSettlement reader = chain.settlement(null)) {
            Waiting.until(() -> ArbitrumSettlementTest.seen(reader));
            assertEquals(ETHER, reader.funds(SENDER.address(), Address.NONE, Tickets.soon()).deposit());
            Refused refused = assertInstanceOf(Refused.class, reader.redeem(winner(), Tickets.soon()));
            assertEquals(new Refused(Reason.NOT_NOW, "there is no account to send from"), refused);
        }
    }
}
