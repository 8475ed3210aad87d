package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.testkit.SampleSegments;
import jakarta.json.JsonObject;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway pays an orchestrator whose key is not on its machine: the node there has the key of another account, which
 * is not registered and pays the gas. Every ticket wins.
 */
@Tag("ffmpeg")
class ColdAccountIT {

    private static final int SEGMENTS = 3;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static LocalNetwork network;
    private static NodeProcess orchestrator;
    private static NodeProcess gateway;

    @BeforeAll
    static void start() {
        network = new LocalNetwork(folder.resolve("network"));
        List<String> earning = new ArrayList<>(List.of(network.settings("gateways", 1)));
        earning.addAll(List.of(
                "io.millrace.wallet.orchestratorAccount=" + network.address("orchestrators", 0),
                "io.millrace.http~service.address=127.0.0.1:0",
                "io.millrace.kernel.orchestrator.pricePerUnit=100000000",
                "io.millrace.kernel.orchestrator.redeemGas=350000",
                "io.millrace.kernel.orchestrator.ticketValue=199999999999999",
                "io.millrace.kernel.orchestrator.maxFaceValue=200000000000000",
                "io.millrace.kernel.orchestrator.maxGasPerDay=1000000000000000000"));
        orchestrator = NodeProcess.run(
                        Distribution.GPL,
                        folder.resolve("orchestrator"),
                        "orchestrator-onchain",
                        earning.toArray(String[]::new))
                .awaitReady();
        gateway = network.gateway(
                folder.resolve("gateway"),
                orchestrator,
                "io.millrace.kernel.payer.maxPerDay=1000000000000000000",
                "io.millrace.media.profiles=P144p30fps16x9");
    }

    @AfterAll
    static void stop() {
        for (NodeProcess each : new NodeProcess[] {gateway, orchestrator}) {
            if (each != null) {
                each.close();
            }
        }
        if (network != null) {
            network.close();
        }
    }

    @Test
    void theColdAccountIsPaidTheHotOnePaysTheGasAndNothingMovesTheStake() throws Exception {
        Pusher pusher = new Pusher(gateway.address("http"));
        for (int i = 0; i < SEGMENTS; i++) {
            byte[] segment = SampleSegments.data(i % SampleSegments.COUNT).toArray();
            assertEquals(1, Pusher.parts(pusher.send(pusher.request("cold/" + i + ".ts", segment))).size());
        }
        Await.that("winners wait", () -> !network.money(orchestrator).getJsonArray("pending").isEmpty());
        network.mine(41);
        Await.that("all winners are redeemed", () -> network.money(orchestrator).getJsonArray("pending").isEmpty());
        JsonObject money = network.money(orchestrator);
        assertEquals(network.address("gateways", 1), money.getString("account"));
        assertEquals(network.address("orchestrators", 0), money.getString("orchestrator"));
        JsonObject earned = money.getJsonArray("received").getJsonObject(0);
        assertEquals(network.transferred(), new BigInteger(earned.getString("paid")));
        assertTrue(network.transferred().signum() > 0);
        assertSpent(money);
        assertSpent(network.money(gateway));

        Path data = folder.resolve("orchestrator");
        Finished refused = Distribution.GPL.run("account", "unbond", "1", "--yes", "--data", data.toString());
        assertEquals(1, refused.exitCode(), refused.said());
        assertTrue(refused.said().contains(network.address("orchestrators", 0) + " has to sign it"), refused.said());
        Path file = folder.resolve("unbond.json");
        Finished written = Distribution.GPL.run(
                "account", "unbond", "1", "--write-out", file.toString(), "--data", data.toString());
        assertEquals(0, written.exitCode(), written.said());
        assertTrue(Files.readString(file).contains("\"from\":\"" + network.address("orchestrators", 0) + "\""));
    }

    private static void assertSpent(JsonObject money) {
        JsonObject limit = money.getJsonArray("limits").getJsonObject(0);
        assertTrue(new BigInteger(limit.getString("spent")).signum() > 0, limit.toString());
    }
}
