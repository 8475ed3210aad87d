package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.network.Directory.Listing;
import io.millrace.api.value.Deadline;
import io.millrace.arbitrum.devnet.DevAccount;
import io.millrace.arbitrum.devnet.LocalChain;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orchestrators as they are found on a real chain. */
class PoolDirectoryTest {

    private static TestChain chain;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        chain = TestChain.start();
    }

    @AfterAll
    static void stop() {
        if (chain != null) {
            chain.local.close();
        }
    }

    @Test
    void theActiveSetIsReadRememberedAndToldWhenItChanges() throws IOException {
        Path file = folder.resolve("deep/pool.json");
        try (ArbitrumSettlement settlement = chain.settlement(DevAccount.of(5), settings -> settings)) {
            awaitState(settlement);
            PoolDirectory directory = new PoolDirectory(settlement.account(), file, InstantSource.system());
            assertEquals(List.of(), directory.listings());
            AtomicInteger changes = new AtomicInteger();
            directory.watch(changes::incrementAndGet);
            directory.refresh();
            assertEquals(1, changes.get());
            Listing first = directory.listings().getFirst();
            assertEquals(URI.create("https://127.0.0.1:8935"), first.address());
            assertEquals(LocalChain.lpt(500), first.stake().orElseThrow().amount());
            assertFalse(first.configured());
            directory.refresh();
            assertEquals(1, changes.get());

            chain.local.register(
                    DevAccount.of(7), LocalChain.lpt(600), 1, 1, URI.create("ftp://example.org/not-a-service"));
            chain.local.register(DevAccount.of(8), LocalChain.lpt(700), 1, 1, URI.create("https://example.org:8935"));
            chain.local.nextRound();
            long round = chain.local.round();
            Waiting.until(() -> settlement.state(soon()).round() == round);
            directory.refresh();
            assertEquals(2, changes.get());
            assertEquals(
                    List.of(URI.create("https://example.org:8935"), URI.create("https://127.0.0.1:8935")),
                    directory.listings().stream().map(Listing::address).toList());

            PoolDirectory again = new PoolDirectory(settlement.account(), file, InstantSource.system());
            assertEquals(directory.listings(), again.listings());
            Files.writeString(file, "{\"orchestrators\":[{\"address\":1}]}");
            assertEquals(
                    List.of(), new PoolDirectory(settlement.account(), file, InstantSource.system()).listings());
        }
    }

    @Test
    void withoutTheChainThoseThatAreRememberedStay() throws IOException {
        Path file = folder.resolve("pool.json");
        Files.writeString(
                file,
                "{\"orchestrators\":[{\"address\":\"https://example.org:8935\",\"account\":\"" + "11".repeat(20)
                        + "\",\"stake\":\"7\"}]}");
        try (ArbitrumSettlement nobody = chain.settlement(
                DevAccount.of(5),
                settings -> new ArbitrumSettlement.Settings(
                        new Rpc.Settings(List.of(URI.create("http://127.0.0.1:1")), 0, Duration.ofSeconds(1), false),
                        settings.controller(),
                        settings.poll(),
                        settings.maxAge(),
                        settings.replaceAfter(),
                        settings.maxReplacements(),
                        settings.maxGasPrice()))) {
            PoolDirectory directory = new PoolDirectory(nobody.account(), file, InstantSource.system());
            directory.refresh();
            assertEquals(1, directory.listings().size());
            assertTrue(Files.exists(file));
        }
    }

    private static void awaitState(ArbitrumSettlement settlement) {
        Waiting.until(() -> {
            try {
                return settlement.state(soon()).round() > 0;
            } catch (RuntimeException e) {
                return false;
            }
        });
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20), InstantSource.system());
    }
}
