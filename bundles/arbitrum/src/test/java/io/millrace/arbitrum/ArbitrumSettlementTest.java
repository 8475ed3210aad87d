package io.millrace.arbitrum;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.testkit.SettlementContract;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** What every settlement does, on the published contracts. */
class ArbitrumSettlementTest extends SettlementContract {

    private static TestChain chain;

    private ArbitrumSettlement settlement;

    @BeforeAll
    static void start() {
        chain = TestChain.start();
    }

    @AfterAll
    static void stop() {
        chain.close();
    }

    @Override
    protected Chain chain() {
        chain.reset();
        settlement = chain.settlement(TestChain.ORCHESTRATOR);
        Waiting.until(() -> seen(settlement));
        return chain.with(settlement);
    }

    @Override
    protected Duration patience() {
        return Duration.ofSeconds(40);
    }

    @AfterEach
    void close() {
        settlement.close();
    }

    static boolean seen(ArbitrumSettlement settlement) {
        try {
            settlement.state(Deadline.in(Duration.ofSeconds(1), InstantSource.system()));
            return true;
        } catch (Fault e) {
            return false;
        }
    }
}
