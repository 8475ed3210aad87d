package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.testkit.SampleSegments;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.math.BigInteger;
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
 * A paid orchestrator whose tickets another node redeems, on a real chain with the published contracts. Half of the
 * tickets win. The redeemer is killed while they do; what won meanwhile is handed over when it is back.
 */
@Tag("ffmpeg")
class RedeemerIT {

    /** Each costs more than a ticket is worth, so that as many hold fewer winners than are waited for once in 2^30 runs. */
    private static final int MOST_SEGMENTS = 60;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static LocalNetwork network;
    private static NodeProcess redeemer;
    private static NodeProcess orchestrator;
    private static NodeProcess gateway;
    private static int pushed;

    @BeforeAll
    static void start() {
        network = new LocalNetwork(folder.resolve("network"));
        redeemer = redeemer("127.0.0.1:0");
        List<String> work = new ArrayList<>(List.of(network.settings("orchestrators")));
        work.addAll(List.of(
                "io.millrace.kernel.orchestrator.pricePerUnit=100000000",
                "io.millrace.kernel.orchestrator.redeemGas=350000",
                "io.millrace.kernel.orchestrator.ticketValue=100000000000000",
                "io.millrace.kernel.orchestrator.maxFaceValue=200000000000000",
                "io.millrace.kernel.orchestrator.redeemer=" + redeemer.address("service").getAuthority()));
        orchestrator = NodeProcess.run(
                        Distribution.GPL, folder.resolve("orchestrator"), "orchestrator-onchain", work.toArray(String[]::new))
                .awaitReady();
        gateway = network.gateway(folder.resolve("gateway"), orchestrator, "io.millrace.media.profiles=P144p30fps16x9");
    }

    /** It has the account of the orchestrator, which pays for gas here and for nothing there. */
    private static NodeProcess redeemer(String service) {
        List<String> settings = new ArrayList<>(List.of(network.settings("orchestrators")));
        settings.add("io.millrace.http~service.address=" + service);
        return NodeProcess.run(
                        Distribution.GPL, folder.resolve("redeemer"), "redeemer-onchain", settings.toArray(String[]::new))
                .awaitReady();
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable each : new AutoCloseable[] {gateway, orchestrator, redeemer, network}) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void whatWinsIsRedeemedElsewhereThoughTheRedeemerIsAwayForAWhile() {
        pushUntilWaiting(1);
        Await.that("the first winner is handed over", () -> handedOver() == pending(orchestrator).size());
        assertEquals(pending(orchestrator).size(), pending(redeemer).size());

        String service = redeemer.address("service").getAuthority();
        redeemer.kill();
        pushUntilWaiting(pending(orchestrator).size() + 1);
        redeemer = redeemer(service);
        Await.that("all winners are handed over", () -> handedOver() == pending(orchestrator).size());
        int winners = pending(orchestrator).size();
        assertEquals(winners, pending(redeemer).size());

        network.mine(41);
        Await.that("all winners are redeemed", () -> pending(redeemer).isEmpty());
        Await.that("the orchestrator sees it", () -> pending(orchestrator).isEmpty());
        for (NodeProcess each : List.of(orchestrator, redeemer)) {
            JsonObject earned = network.money(each).getJsonArray("received").getJsonObject(0);
            assertEquals(winners, earned.getInt("redeemed"));
            assertEquals(winners, earned.getInt("winners"));
            assertEquals(network.transferred(), new BigInteger(earned.getString("paid")));
        }
    }

    private static void pushUntilWaiting(int winners) {
        while (pending(orchestrator).size() < winners) {
            assertTrue(pushed < MOST_SEGMENTS, "no winners among " + pushed + " segments");
            Pusher pusher = new Pusher(gateway.address("http"));
            byte[] segment = SampleSegments.data(pushed % SampleSegments.COUNT).toArray();
            assertEquals(
                    1, Pusher.parts(pusher.send(pusher.request("paid/" + pushed + ".ts", segment))).size());
            pushed++;
        }
    }

    private static long handedOver() {
        String address = "https://" + redeemer.address("service").getAuthority();
        return pending(orchestrator).getValuesAs(JsonObject.class).stream()
                .filter(winner -> address.equals(winner.getString("redeemer", "")))
                .count();
    }

    private static JsonArray pending(NodeProcess node) {
        return network.money(node).getJsonArray("pending");
    }
}
