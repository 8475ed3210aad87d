package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.testkit.SampleSegments;
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
 * A gateway pays an orchestrator on a real chain with the published contracts. Half of the tickets win. The
 * orchestrator is killed while winners wait; it comes back, the session goes on, and all winners are redeemed.
 */
@Tag("ffmpeg")
class PaidStreamIT {

    /** As many winners as this wait before the orchestrator is killed. */
    private static final int WINNERS = 2;

    /** A segment costs more than a ticket is worth, so as many tickets hold fewer winners once in 2^44 runs. */
    private static final int MOST_SEGMENTS = 50;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static LocalNetwork network;
    private static NodeProcess orchestrator;
    private static NodeProcess gateway;
    private static int pushed;

    @BeforeAll
    static void start() {
        network = new LocalNetwork(folder.resolve("network"));
        orchestrator = orchestrator("127.0.0.1:0");
        gateway = network.gateway(folder.resolve("gateway"), orchestrator, "io.millrace.media.profiles=P144p30fps16x9");
    }

    private static NodeProcess orchestrator(String service) {
        List<String> settings = new ArrayList<>(List.of(network.settings("orchestrators")));
        settings.addAll(List.of(
                "io.millrace.http~service.address=" + service,
                "io.millrace.kernel.orchestrator.pricePerUnit=100000000",
                "io.millrace.kernel.orchestrator.redeemGas=350000",
                "io.millrace.kernel.orchestrator.ticketValue=100000000000000",
                "io.millrace.kernel.orchestrator.maxFaceValue=200000000000000"));
        return NodeProcess.run(
                        Distribution.GPL,
                        folder.resolve("orchestrator"),
                        "orchestrator-onchain",
                        settings.toArray(String[]::new))
                .awaitReady();
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable each : new AutoCloseable[] {gateway, orchestrator, network}) {
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
    void whatIsPaidInTicketsIsWorkedForAndRedeemedToTheWei() {
        pushUntilWaiting(WINNERS);
        String service = orchestrator.address("service").getAuthority();
        orchestrator.kill();
        orchestrator = orchestrator(service);
        assertTrue(waiting() >= WINNERS, "winners after the kill");
        // the token, the terms and the balance of before still hold
        push();

        network.mine(41);
        Await.that("all winners are redeemed", () -> waiting() == 0);
        JsonObject earned = network.money(orchestrator).getJsonArray("received").getJsonObject(0);
        JsonObject paid = network.money(gateway).getJsonArray("sent").getJsonObject(0);
        assertEquals(earned.getInt("winners"), earned.getInt("redeemed"));
        assertEquals(earned.getString("faceValue"), earned.getString("paid"));
        assertEquals(network.transferred(), number(earned, "paid"));
        // an attempt that failed on its way has sent tickets that nobody credited
        assertTrue(number(paid, "value").compareTo(number(earned, "value")) >= 0, paid + " " + earned);
        assertTrue(number(earned, "value").compareTo(number(earned, "work")) >= 0, earned.toString());
        assertTrue(number(paid, "work").signum() > 0, paid.toString());
    }

    private static BigInteger number(JsonObject line, String name) {
        return new BigInteger(line.getString(name));
    }

    private static void pushUntilWaiting(int winners) {
        while (waiting() < winners) {
            assertTrue(pushed < MOST_SEGMENTS, "no winners among " + pushed + " segments");
            push();
        }
    }

    private static void push() {
        Pusher pusher = new Pusher(gateway.address("http"));
        byte[] segment = SampleSegments.data(pushed % SampleSegments.COUNT).toArray();
        assertEquals(1, Pusher.parts(pusher.send(pusher.request("paid/" + pushed + ".ts", segment))).size());
        pushed++;
    }

    private static int waiting() {
        return network.money(orchestrator).getJsonArray("pending").size();
    }
}
