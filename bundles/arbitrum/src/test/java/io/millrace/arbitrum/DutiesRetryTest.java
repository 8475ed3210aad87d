package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.testkit.InMemoryChainAccount;
import io.millrace.testkit.InMemorySettlement;
import io.millrace.testkit.InMemoryWallet;
import io.millrace.testkit.ManualClock;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What duties do when they fail or are too late, on a chain of the test. */
class DutiesRetryTest {

    private final InMemoryWallet wallet = new InMemoryWallet.Registry().wallet("node");
    private final InMemorySettlement settlement = new InMemorySettlement(wallet);
    private final InMemoryChainAccount account = new InMemoryChainAccount(wallet.address(), BigInteger.ZERO);
    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final AtomicInteger plans = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Runnable beforeItIsCarriedOut = () -> {};

    /** The account, seen by the duties and by the test. */
    private final ChainAccount watched = new ChainAccount() {
        @Override
        public Address address() {
            return account.address();
        }

        @Override
        public State read(Deadline deadline) {
            return account.read(deadline);
        }

        @Override
        public Protocol protocol(Deadline deadline) {
            return account.protocol(deadline);
        }

        @Override
        public List<OrchestratorState> pool(Deadline deadline) {
            return account.pool(deadline);
        }

        @Override
        public Plan plan(Action action, Deadline deadline) {
            try {
                Plan plan = account.plan(action, deadline);
                plans.incrementAndGet();
                return plan;
            } catch (Fault e) {
                failures.incrementAndGet();
                throw e;
            }
        }

        @Override
        public List<Unsigned> unsigned(Plan plan, Deadline deadline) {
            return account.unsigned(plan, deadline);
        }

        @Override
        public Outcome send(List<Bytes> signed, Deadline deadline) {
            return account.send(signed, deadline);
        }

        @Override
        public Outcome carryOut(Plan plan, Deadline deadline) {
            beforeItIsCarriedOut.run();
            return account.carryOut(plan, deadline);
        }
    };

    private final Duties duties =
            new Duties(settlement, watched, new Duties.Settings(true, Duration.ZERO, false), clock);

    @AfterEach
    void close() {
        duties.close();
    }

    private void endRound() {
        account.endRound();
        settlement.endRound();
        settlement.mine(1);
    }

    private boolean initialized() {
        return account.protocol(Tickets.soon()).roundInitialized();
    }

    @Test
    void whatFailedIsTriedAgainAtABlockAfterAPause() {
        account.reachable(false);
        endRound();
        Waiting.until(() -> failures.get() == 1);
        settlement.mine(1);
        settlement.mine(1);
        Waiting.until(() -> {
            account.reachable(true);
            clock.advance(Duration.ofSeconds(1));
            settlement.mine(1);
            return initialized();
        });
        assertEquals(1, failures.get());
        assertTrue(!clock.instant().isBefore(Instant.EPOCH.plusSeconds(10)), "it was tried again before its pause");
    }

    @Test
    void whoLosesTheRaceIsReadyForTheNextRound() {
        beforeItIsCarriedOut = () -> {
            beforeItIsCarriedOut = () -> {};
            account.carryOut(account.plan(new ChainAccount.Action.InitializeRound(), Tickets.soon()), Tickets.soon());
        };
        endRound();
        // once for the round, and once more to see that another one was faster
        Waiting.until(() -> plans.get() == 2);
        settlement.nextRound();
        endRound();
        Waiting.until(this::initialized);
    }
}
