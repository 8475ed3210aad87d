package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.testkit.PriceFeedCode;
import io.millrace.testkit.SampleSegments;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** An orchestrator and a gateway whose prices are in dollars, on a real chain with a price feed. */
class PricesIT {

    private static final Web WEB = new Web();
    private static final String FEED = "0x00000000000000000000000000000000000feed1";

    /** USD for an ETH with 18 decimals: what it makes of a price has more bits than the network has room for. */
    private static final BigInteger DOLLARS = new BigInteger("2999123456789012345678");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static NodeProcess start(LocalNetwork network, String role, String side, String... more) {
        List<String> settings = new ArrayList<>(List.of(network.settings(side)));
        settings.add("io.millrace.arbitrum.priceFeed=" + FEED);
        settings.addAll(List.of(more));
        return NodeProcess.run(Distribution.GPL, folder.resolve(role), role, settings.toArray(String[]::new));
    }

    @Test
    void whoIsPricedInDollarsQuotesNothingUntilTheFeedIsReadAndThenWhatItSays() {
        try (LocalNetwork network = new LocalNetwork(folder.resolve("network"));
                NodeProcess orchestrator = start(
                        network,
                        "orchestrator-onchain",
                        "orchestrators",
                        "io.millrace.http~service.address=127.0.0.1:0",
                        "io.millrace.kernel.orchestrator.pricePerUnit=0.015USD",
                        "io.millrace.kernel.orchestrator.pixelsPerUnit=1000000",
                        "io.millrace.kernel.orchestrator.adjustPrice=false",
                        "io.millrace.kernel.orchestrator.redeemGas=350000",
                        "io.millrace.kernel.orchestrator.ticketValue=100000000000000",
                        "io.millrace.kernel.orchestrator.maxFaceValue=400000000000000")) {
            String price = "/api/money/price?for=" + network.address("gateways", 0);
            orchestrator.awaitOpen("admin");
            Await.that("it says why it quotes nothing", () -> get(orchestrator, price).contains("is in wei is not known"));
            network.install(FEED, new PriceFeedCode(
                            "ETH / USD", BigInteger.valueOf(18), DOLLARS, BigInteger.valueOf(network.seconds()))
                    .hex());
            orchestrator.awaitReady();
            assertEquals(5_001_461, wei(get(orchestrator, price)));

            try (NodeProcess gateway = start(
                            network,
                            "gateway-onchain",
                            "gateways",
                            "io.millrace.kernel.gateway.orchestrators=" + orchestrator.address("service"),
                            "io.millrace.kernel.gateway.maxPricePerUnit=0.02USD/1000000",
                            "io.millrace.kernel.payer.maxTicketValue=300000000000000",
                            "io.millrace.kernel.payer.maxPaymentValue=10000000000000000",
                            "io.millrace.media.profiles=P144p30fps16x9")
                    .awaitReady()) {
                assertEquals(1, renditions(gateway, "dear"));
                Await.that("the quote is in the metrics", () -> get(orchestrator, "/metrics").lines().anyMatch(line ->
                        line.startsWith("livepeer_transcoding_price") && line.contains(" 5001461.")));

                // a price of its own, over what this gateway pays
                String form = "pricePerUnit=0.021&pixelsPerUnit=1000000&currency=USD&broadcasterEthAddr=" + network.address("gateways", 0);
                post(orchestrator.address("admin").resolve("/setPriceForBroadcaster"), form);
                assertEquals(7_002_045, wei(get(orchestrator, price)));
                assertEquals(0, renditions(gateway, "too-dear"));
            }
        }
    }

    private static int renditions(NodeProcess gateway, String stream) {
        Pusher pusher = new Pusher(gateway.address("http"));
        byte[] segment = SampleSegments.data(0).toArray();
        HttpResponse<byte[]> answer = pusher.send(pusher.request(stream + "/0.ts", segment));
        return answer.statusCode() == 200 ? Pusher.parts(answer).size() : 0;
    }

    private static String get(NodeProcess node, String path) {
        return new String(
                WEB.send(HttpRequest.newBuilder(node.address("admin").resolve(path))
                                .timeout(Await.PATIENCE)
                                .build())
                        .body(),
                StandardCharsets.UTF_8);
    }

    private static void post(URI uri, String form) {
        assertEquals(
                200,
                WEB.send(HttpRequest.newBuilder(uri)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .timeout(Await.PATIENCE)
                                .POST(BodyPublishers.ofString(form))
                                .build())
                        .statusCode());
    }

    /** The price of an answer, cut to whole wei. */
    private static long wei(String quote) {
        try (JsonReader reader = new JsonProviderImpl().createReader(new StringReader(quote))) {
            String[] terms = reader.readObject().getString("price").split("/");
            return new BigInteger(terms[0]).divide(new BigInteger(terms[1])).longValueExact();
        }
    }
}
