package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.testkit.AiRunner;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A client's AI requests, through a gateway that pays an orchestrator on a real chain, to a runner and back. */
class PaidAiIT {

    private static final Web WEB = new Web();
    private static final BigInteger PRICE = BigInteger.valueOf(100_000_000);
    private static final BigInteger PIXELS = BigInteger.valueOf(512 * 512);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static AiRunner runner;
    private static LocalNetwork network;
    private static NodeProcess orchestrator;
    private static NodeProcess gateway;

    @BeforeAll
    static void start() throws IOException {
        runner = new AiRunner(0);
        Path models = folder.resolve("aiModels.json");
        write(models, entry("text-to-image", ",\"price_per_unit\":" + PRICE) + "," + entry("llm", ""));
        network = new LocalNetwork(folder.resolve("network"));
        List<String> its = new ArrayList<>(List.of(network.settings("orchestrators")));
        its.addAll(List.of(
                "io.millrace.http~service.address=127.0.0.1:0",
                "io.millrace.runner.models=" + models,
                "io.millrace.kernel.orchestrator.pricePerUnit=1000",
                "io.millrace.kernel.orchestrator.adjustPrice=false",
                "io.millrace.kernel.orchestrator.redeemGas=350000",
                "io.millrace.kernel.orchestrator.ticketValue=100000000000000",
                "io.millrace.kernel.orchestrator.maxFaceValue=200000000000000"));
        orchestrator = NodeProcess.run(
                        Distribution.GPL, folder.resolve("orchestrator"), "orchestrator-onchain", its.toArray(String[]::new))
                .awaitReady();
        gateway = network.gateway(folder.resolve("gateway"), orchestrator);
    }

    private static String entry(String pipeline, String more) {
        return "{\"pipeline\":\"" + pipeline + "\",\"model_id\":\"m\",\"warm\":true,\"capacity\":2,\"url\":\""
                + runner.url() + "\"" + more + "}";
    }

    private static void write(Path models, String entries) throws IOException {
        Files.writeString(models, "[" + entries + "]");
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : new AutoCloseable[] {gateway, orchestrator, network, runner}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void eachRequestCostsWhatItsModelDoesAndAFailedOneNothing() {
        String image = "{\"model_id\":\"m\",\"prompt\":\"a river\"}";
        // the first one may come before the runner was asked how it is
        Await.that("the model is offered", () -> post("/text-to-image", image).statusCode() == 200);
        BigInteger before = worked(orchestrator);
        assertEquals(BigInteger.ZERO, before.mod(PRICE.multiply(PIXELS)), "a price of the node's, not the model's");

        HttpResponse<byte[]> response = post("/text-to-image", image);
        assertEquals(200, response.statusCode());
        String url = text(response).replaceAll("(?s).*\"url\":\"([^\"]+)\".*", "$1");
        assertArrayEquals(
                AiRunner.picture(64, 64), WEB.get(gateway.address("http").resolve(url)).body());

        runner.answer("/text-to-image", 400, "{\"detail\":{\"msg\":\"no such picture\"}}");
        HttpResponse<byte[]> refused = post("/text-to-image", image);
        assertEquals(400, refused.statusCode());
        assertEquals("{\"error\":{\"message\":\": no such picture\"}}\n", text(refused));

        BigInteger one = before.add(PRICE.multiply(PIXELS));
        Await.that("one image is debited", () -> worked(orchestrator).equals(one));

        HttpResponse<byte[]> words = post(
                "/llm",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true,\"max_tokens\":16}");
        assertEquals(200, words.statusCode());
        assertTrue(text(words).endsWith("\n\n") && text(words).contains("\"finish_reason\":\"stop\""), text(words));
        BigInteger both = one.add(BigInteger.valueOf(16_000));
        Await.that("the words are debited at the node's price", () -> worked(orchestrator).equals(both));
        assertTrue(number(gateway, "sent", "value").compareTo(both) >= 0);
    }

    private static HttpResponse<byte[]> post(String path, String body) {
        return WEB.send(HttpRequest.newBuilder(gateway.address("http").resolve(path))
                .header("Content-Type", "application/json")
                .timeout(Await.PATIENCE)
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static BigInteger worked(NodeProcess node) {
        return number(node, "received", "work");
    }

    private static BigInteger number(NodeProcess node, String side, String name) {
        return new BigInteger(
                network.money(node).getJsonArray(side).getJsonObject(0).getString(name));
    }
}
