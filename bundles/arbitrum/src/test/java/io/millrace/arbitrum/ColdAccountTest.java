package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.ChainAccount.Action;
import io.millrace.api.payment.ChainAccount.Outcome;
import io.millrace.api.payment.ChainAccount.Plan;
import io.millrace.api.payment.ChainAccount.Unsigned;
import io.millrace.api.payment.Settlement.Redemption.Paid;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.devnet.DevAccount;
import io.millrace.arbitrum.devnet.LocalChain;
import java.math.BigInteger;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;

/** A node that works for an orchestrator whose key it does not have, on the published contracts. */
class ColdAccountTest {

    private static final Wei ETHER = new Wei(BigInteger.TEN.pow(18));
    private static final DevAccount COLD = DevAccount.of(5);
    private static final DevAccount HOT = DevAccount.of(6);

    private static TestChain chain;

    private ArbitrumSettlement settlement;
    private ChainAccount account;

    /** The hot key, and the address of the cold one. */
    private static final Wallet WALLET = new Wallet() {
        @Override
        public Address address() {
            return HOT.address();
        }

        @Override
        public Address orchestrator() {
            return COLD.address();
        }

        @Override
        public Bytes signDigest(Bytes digest) {
            return HOT.signDigest(digest);
        }

        @Override
        public boolean verify(Address signer, Bytes hash, Bytes signature) {
            return HOT.verify(signer, hash, signature);
        }
    };

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
        chain.local.send(
                DevAccount.of(0).address(),
                chain.local.contract("LivepeerToken"),
                Abi.call("transfer", COLD.address(), LocalChain.lpt(1000)));
        settlement = chain.settlement(WALLET);
        Waiting.until(() -> ArbitrumSettlementTest.seen(settlement));
        account = settlement.account();
        see();
    }

    @AfterEach
    void close() {
        settlement.close();
    }

    private void see() {
        long block = chain.local.block();
        Waiting.until(() -> settlement.state(Tickets.soon()).l1Block() >= block);
    }

    private Plan plan(Action action) {
        return account.plan(action, Tickets.soon());
    }

    /** As a program of somebody else signs it, from what was written out. */
    private static Bytes signed(Unsigned transaction, DevAccount key) {
        RawTransaction raw = RawTransaction.createTransaction(
                transaction.chainId().longValueExact(),
                BigInteger.valueOf(transaction.nonce()),
                transaction.gas(),
                transaction.to().toString(),
                transaction.value().amount(),
                "0x" + transaction.data().hex(),
                transaction.maxPriorityFee().amount(),
                transaction.maxFee().amount());
        return Bytes.wrap(TransactionEncoder.signMessage(raw, Credentials.create(key.key().toString(16))));
    }

    private List<Bytes> signed(Plan plan) {
        return account.unsigned(plan, Tickets.soon()).stream().map(one -> signed(one, COLD)).toList();
    }

    private void doneElsewhere(Action action) {
        Plan plan = plan(action);
        Outcome outcome = account.send(signed(plan), Tickets.soon());
        assertInstanceOf(Outcome.Done.class, outcome, plan.answer().toString());
    }

    private static String refused(Outcome outcome) {
        return assertInstanceOf(Outcome.Refused.class, outcome, outcome.toString()).message();
    }

    @Test
    void whatTakesTheOrchestratorsKeyIsRefusedAndCanBeSignedElsewhereAndSent() {
        Plan bond = plan(new Action.Bond(LocalChain.lpt(700), COLD.address()));
        assertEquals(COLD.address(), bond.signer());
        String refusal = refused(bond.answer().orElseThrow());
        assertTrue(
                refusal.contains(COLD.address().checksummed()) && refusal.contains(HOT.address().checksummed()), refusal);
        assertEquals(refusal, refused(account.carryOut(bond, Tickets.soon())));
        assertEquals(BigInteger.ZERO, chain.local.number("BondingManager", "pendingStake", COLD.address(), 0));

        List<Unsigned> written = account.unsigned(bond, Tickets.soon());
        assertEquals(2, written.size());
        assertEquals(List.of(COLD.address(), COLD.address()), written.stream().map(Unsigned::from).toList());
        assertEquals(written.getFirst().nonce() + 1, written.getLast().nonce());
        List<Bytes> signed = signed(bond);
        Outcome.Done done = assertInstanceOf(Outcome.Done.class, account.send(signed, Tickets.soon()));
        assertEquals(2, done.transactions().size());
        assertEquals(
                done.transactions(),
                assertInstanceOf(Outcome.Done.class, account.send(signed, Tickets.soon()))
                        .transactions());
        doneElsewhere(new Action.SetCommission(100_000, 50_000));
        doneElsewhere(new Action.SetServiceUri(URI.create("https://127.0.0.1:9000")));

        ChainAccount.State state = account.read(Tickets.soon());
        assertEquals(COLD.address(), state.orchestrator().address());
        assertTrue(state.orchestrator().registered());
        assertEquals("https://127.0.0.1:9000", state.orchestrator().serviceUri());
        assertEquals(LocalChain.lpt(700), state.delegation().bonded());
        assertEquals(BigInteger.ZERO, state.tokens(), "those of the node's own account");
    }

    @Test
    void winningTicketsOfTheColdAccountAreRedeemedWithTheHotOnesGas() {
        doneElsewhere(new Action.Bond(LocalChain.lpt(700), COLD.address()));
        chain.local.nextRound();
        see();
        chain.local.fund(TestChain.SENDER, ETHER, ETHER);
        see();
        Wei cold = chain.local.balance(COLD.address());
        Wei hot = chain.local.balance(HOT.address());
        Paid paid = assertInstanceOf(
                Paid.class,
                settlement.redeem(
                        Tickets.winner(TestChain.SENDER, COLD.address(), settlement.state(Tickets.soon())),
                        Tickets.soon()));
        assertEquals(new Wei(Tickets.FACE_VALUE), paid.amount());
        assertEquals(cold, chain.local.balance(COLD.address()));
        assertTrue(chain.local.balance(HOT.address()).compareTo(hot) < 0);
        chain.local.nextRound();
        see();
        assertTrue(account.read(Tickets.soon()).delegation().pendingFees().amount().signum() > 0);
        assertEquals(COLD.address(), plan(new Action.WithdrawFees(Optional.empty())).signer());
    }

    @Test
    void nothingThatMovesTheStakeIsSignedByTheNode() {
        doneElsewhere(new Action.Bond(LocalChain.lpt(700), COLD.address()));
        chain.local.nextRound();
        see();
        doneElsewhere(new Action.Unbond(LocalChain.lpt(100)));
        for (Action action : List.of(
                new Action.Bond(LocalChain.lpt(1), COLD.address()),
                new Action.Unbond(LocalChain.lpt(1)),
                new Action.Rebond(0, Optional.empty()),
                new Action.SetServiceUri(URI.create("https://127.0.0.1:9001")),
                new Action.Reward())) {
            Plan plan = plan(action);
            assertEquals(COLD.address(), plan.signer(), plan.what());
            String why = refused(account.carryOut(plan, Tickets.soon()));
            assertTrue(why.contains("has to sign it"), plan.what() + ": " + why);
            assertFalse(account.unsigned(plan, Tickets.soon()).isEmpty(), plan.what());
        }
        // what a gateway pays from is the node's own account's
        Plan fund = plan(new Action.Fund(ETHER, ETHER));
        assertEquals(HOT.address(), fund.signer());
        assertInstanceOf(Outcome.Done.class, account.carryOut(fund, Tickets.soon()));
    }

    @Test
    void whatIsNotSignedByOneOfTheTwoAccountsIsNotSent() {
        Unsigned bond = account.unsigned(plan(new Action.Bond(LocalChain.lpt(1), COLD.address())), Tickets.soon()).getFirst();
        assertInstanceOf(Outcome.Nothing.class, account.send(List.of(), Tickets.soon()));
        assertRefusedToSend("is signed by account", signed(bond, TestChain.STRANGER));
        assertRefusedToSend("it is no signed transaction of type 2", Bytes.EMPTY);
        assertRefusedToSend("it is no signed transaction of type 2", Bytes.hex("f8"));
        assertRefusedToSend("it cannot be decoded", Bytes.hex("02ff"));
        assertRefusedToSend("it has not the 12 fields", Bytes.hex("02c0"));
        byte[] long1 = new byte[200_000];
        long1[0] = 2;
        assertRefusedToSend("it is no signed transaction of type 2", Bytes.wrap(long1));
        byte[] wrong = signed(bond, COLD).toArray();
        wrong[wrong.length - 1] ^= 1;
        assertRefusedToSend("", Bytes.wrap(wrong));
        Unsigned elsewhere = new Unsigned(
                bond.what(), bond.from(), bond.to(), bond.data(), bond.value(), BigInteger.ONE, bond.nonce(), bond.gas(),
                bond.maxFee(), bond.maxPriorityFee());
        assertRefusedToSend("is for the chain 1", signed(elsewhere, COLD));
        Unsigned early = new Unsigned(
                bond.what(), bond.from(), bond.to(), bond.data(), bond.value(), bond.chainId(), 0, BigInteger.ONE,
                bond.maxFee(), bond.maxPriorityFee());
        assertRefusedToSend("gas", signed(early, COLD));
    }

    private void assertRefusedToSend(String words, Bytes signed) {
        String message = refused(account.send(List.of(signed), Tickets.soon()));
        assertTrue(message.contains(words), message);
    }
}
