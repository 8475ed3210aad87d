package io.millrace.arbitrum;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.devnet.DevAccount;
import io.millrace.arbitrum.devnet.DevnetTools;
import io.millrace.arbitrum.devnet.LocalChain;
import io.millrace.testkit.SettlementContract;
import jakarta.json.JsonString;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A chain of anvil for the tests of a class; each test finds it as it was when it was made. */
final class TestChain implements AutoCloseable {

    static final DevAccount ORCHESTRATOR = DevAccount.of(1);
    static final DevAccount SENDER = DevAccount.of(2);
    static final DevAccount STRANGER = DevAccount.of(3);

    /** An account whose transactions are nobody else's. */
    static final DevAccount REDEEMER = DevAccount.of(4);

    final LocalChain local;
    private String snapshot;

    private TestChain(LocalChain local) {
        this.local = local;
        local.register(ORCHESTRATOR, LocalChain.lpt(500), 100_000, 50_000, URI.create("https://127.0.0.1:8935"));
        local.nextRound();
        snapshot = ((JsonString) local.rpc("evm_snapshot")).getString();
    }

    /** One orchestrator is active. Where there is no npm the test is left out, or fails if the environment says CI=true. */
    static TestChain start(LocalChain.Options options) {
        try {
            return new TestChain(LocalChain.start(DevnetTools.installed(Path.of("target/devnet")), options));
        } catch (DevnetTools.Missing e) {
            if ("true".equals(System.getenv("CI"))) {
                return Assertions.fail(e);
            }
            System.err.println("A test is LEFT OUT: " + e.getMessage());
            return Assumptions.abort(e.getMessage());
        } catch (IOException | InterruptedException e) {
            return Assertions.fail(e);
        }
    }

    static TestChain start() {
        return start(LocalChain.Options.TEST);
    }

    void reset() {
        local.rpc("anvil_dropAllTransactions");
        local.rpc("evm_revert", snapshot);
        snapshot = ((JsonString) local.rpc("evm_snapshot")).getString();
    }

    /** Polls often, and otherwise waits as long as a node does. */
    ArbitrumSettlement.Settings settings(URI... urls) {
        return new ArbitrumSettlement.Settings(
                new Rpc.Settings(
                        urls.length == 0 ? List.of(local.url()) : List.of(urls), 0, Duration.ofSeconds(15), false),
                local.controller(),
                Duration.ofMillis(50),
                Duration.ofMinutes(15),
                Duration.ofSeconds(60),
                3,
                Optional.empty());
    }

    ArbitrumSettlement settlement(Wallet wallet, UnaryOperator<ArbitrumSettlement.Settings> change) {
        return new ArbitrumSettlement(change.apply(settings()), () -> Optional.ofNullable(wallet), InstantSource.system());
    }

    ArbitrumSettlement settlement(Wallet wallet) {
        return settlement(wallet, UnaryOperator.identity());
    }

    /** The chain as the contract test sees it. */
    SettlementContract.Chain with(ArbitrumSettlement settlement) {
        return new SettlementContract.Chain() {
            @Override
            public ArbitrumSettlement settlement() {
                return settlement;
            }

            @Override
            public Wallet sender() {
                return SENDER;
            }

            @Override
            public Wallet orchestrator() {
                return ORCHESTRATOR;
            }

            @Override
            public Wallet stranger() {
                return STRANGER;
            }

            @Override
            public void fund(Wei deposit, Wei reserve) {
                local.fund(SENDER, deposit, reserve);
            }

            @Override
            public void unlock() {
                local.unlock(SENDER);
            }

            @Override
            public void mine(int blocks) {
                local.mine(blocks);
            }

            @Override
            public void nextRound() {
                local.nextRound();
            }
        };
    }

    @Override
    public void close() {
        local.close();
    }
}
