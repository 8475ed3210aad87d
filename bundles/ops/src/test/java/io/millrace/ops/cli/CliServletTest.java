package io.millrace.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.payment.PriceFeed;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Rational;
import io.millrace.testkit.SampleEvents.SegmentSettled;
import io.millrace.testkit.SampleEvents.StreamEnded;
import io.millrace.testkit.SampleEvents.StreamStarted;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliServletTest {

    private static final ManifestId STREAM = new ManifestId("abc");

    private static void run(CliNode cli) {
        cli.node.streams = List.of(new StreamStatus(
                STREAM, "http", Instant.EPOCH, List.of("P144p30fps16x9"), 2, 0, 0, Optional.empty()));
        cli.tally.happened(new StreamStarted(STREAM, "http", List.of("P144p30fps16x9"), false));
        for (int sequence = 0; sequence < 2; sequence++) {
            cli.tally.happened(new SegmentSettled(
                    STREAM, sequence, Duration.ofSeconds(2), "transcoded", "", Optional.empty(), 100,
                    List.of("P144p30fps16x9"), List.of(30), Duration.ofSeconds(1), Duration.ofSeconds(1), 1));
        }
    }

    private static final Address GATEWAY = new Address(Bytes.hex("11".repeat(20)));

    private static ConfiguredPrice price(Address gateway, String text, Rational wei) {
        return new ConfiguredPrice(gateway, OptionalInt.empty(), "", text, Optional.of(wei));
    }

    @Test
    void aGatewayHasAPriceOfItsOwnBesideThoseOfOthers() throws Exception {
        try (CliNode cli = new CliNode("orchestrator")) {
            String prices = "io.millrace.kernel.orchestrator.prices";
            cli.settings.values.put(prices, "0x" + "22".repeat(20) + "=3,text-to-image/a/model=5");
            String ask = "pricePerUnit=0.5&pixelsPerUnit=3&broadcasterEthAddr=0x" + "AB".repeat(20);
            assertEquals(
                    "Price per pixel set to 0.5 wei for 3 pixels for broadcaster 0x" + "AB".repeat(20) + "\n",
                    cli.post("/setPriceForBroadcaster", ask).body());
            String others = "0x" + "22".repeat(20) + "=3,text-to-image/a/model=5,";
            assertEquals(others + "0x" + "ab".repeat(20) + "=1/6", cli.settings.values.get(prices));
            cli.post("/setPriceForBroadcaster", ask.replace("0.5", "7"));
            assertEquals(others + "0x" + "ab".repeat(20) + "=7/3", cli.settings.values.get(prices));
        }
    }

    @Test
    void aCurrencyIsThatOfTheFeedOrRefused() throws Exception {
        try (CliNode cli = new CliNode("orchestrator")) {
            cli.settings.values.put("io.millrace.kernel.orchestrator.pricePerUnit", "0");
            String ask = "pricePerUnit=0.5&pixelsPerUnit=3&broadcasterEthAddr=default&currency=usd";
            assertEquals(
                    "error converting price: PriceFeedWatcher is not initialized\n",
                    cli.post("/setPriceForBroadcaster", ask).body());
            PriceFeed feed = deadline -> new PriceFeed.Rate("USD", Rational.of(1, 1), Instant.EPOCH);
            cli.feed(feed);
            assertEquals(200, cli.post("/setPriceForBroadcaster", ask).statusCode());
            assertEquals("1USD", cli.settings.values.get("io.millrace.kernel.orchestrator.pricePerUnit"));
            assertEquals("6", cli.settings.values.get("io.millrace.kernel.orchestrator.pixelsPerUnit"));
            assertEquals(
                    "error converting price: price feed does not have EUR as a currency (ETH/USD)\n",
                    cli.post("/setPriceForBroadcaster", ask.replace("usd", "eur")).body());
            cli.feed(deadline -> {
                throw new Fault(Fault.Consequence.RETRY_HERE, "it is silent");
            });
            HttpResponse<String> silent = cli.post("/setPriceForBroadcaster", ask);
            assertEquals(400, silent.statusCode());
            assertTrue(silent.body().contains("error getting current price data: it is silent"), silent.body());
        }
    }

    @Test
    void theMostThatIsPaidForAModelIsSetAndNothingElseIsLost() throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            String most = "io.millrace.kernel.gateway.maxPrices";
            cli.settings.values.put(most, "llm=3");
            String ask = "maxPricePerUnit=7&pixelsPerUnit=2&currency=wei&pipeline=text-to-image&modelID=";
            assertEquals(200, cli.post("/setMaxPriceForCapability", ask + "a/b").statusCode());
            assertEquals(200, cli.post("/setMaxPriceForCapability", ask + "default").statusCode());
            assertEquals("llm=3,text-to-image/a/b=7/2,text-to-image=7/2", cli.settings.values.get(most));
            // a comma would begin another price
            assertEquals(400, cli.post("/setMaxPriceForCapability", ask + "a,llm").statusCode());
            assertEquals(
                    "pricePerPixel needs to be > 0: 0.000\n",
                    cli.post("/setMaxPriceForCapability", ask.replace("=7", "=0") + "a").body());
        }
    }

    @Test
    void aStreamIsShownWithItsPlaylistsAndBytes() throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            run(cli);
            String status = cli.get("/status").body();
            assertTrue(status.startsWith("{\"Manifests\":{\"abc\":{\"Variants\":[{\"URI\":\"abc/source.m3u8\","), status);
            assertTrue(status.contains("{\"URI\":\"abc/P144p30fps16x9.m3u8\",\"Chunklist\":null,"), status);
            assertTrue(status.contains("\"StreamInfo\":{\"abc\":{\"SourceBytes\":200,\"TranscodedBytes\":60}}"), status);
            assertEquals("abc", cli.get("/manifestID").body());
            assertEquals("abc/source", cli.get("/streamID").body());
            assertTrue(cli.get("/debug").body().startsWith("\n\nLatestPlaylist: &{abc "));
        }
    }

    @Test
    void theLatestStreamIsNamedWhenItHasEnded() throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            run(cli);
            cli.node.streams = List.of();
            cli.tally.happened(new StreamEnded(STREAM, 2, 0));
            assertEquals("abc", cli.get("/manifestID").body());
            assertEquals("\n\nLatestPlaylist: <nil>", cli.get("/debug").body());
        }
    }

    @Test
    void aFormIsReadFromABodyAsFromAQuery() throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            cli.settings.values.put(CliNode.PROFILES, "");
            // As livepeer_cli sends it.
            HttpResponse<String> answer = cli.post(
                    "/setBroadcastConfig",
                    "currency=Wei&maxPricePerUnit=0&pixelsPerUnit=1&transcodingOptions=P144p30fps16x9%2CP240p30fps16x9");
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals("P144p30fps16x9,P240p30fps16x9", cli.settings.values.get(CliNode.PROFILES));
        }
    }

    @Test
    void theLimitOfACombinedNodeCountsForBothOfItsSides() throws Exception {
        try (CliNode cli = new CliNode("combined")) {
            assertEquals("Max sessions set to 7\n", cli.post("/setMaxSessions", "maxSessions=7").body());
            assertEquals("7", cli.settings.values.get(CliNode.STREAMS));
            assertEquals("7", cli.settings.values.get(CliNode.SESSIONS));
            assertEquals("true", cli.get("/IsOrchestrator").body());
        }
    }

    @Test
    void aRedeemerSaysThatItIsOne() throws Exception {
        try (CliNode cli = new CliNode("redeemer")) {
            assertEquals("true", cli.get("/IsRedeemer").body());
            assertEquals("false", cli.get("/IsOrchestrator").body());
        }
    }

    @Test
    void thePoolNamesOrchestratorsByTheirWholeAddress() throws Exception {
        try (CliNode cli = new CliNode("combined")) {
            cli.settings.values.put("io.millrace.kernel.gateway.orchestrators", "loopback:, far.example, 10.0.0.2:18935");
            String status = cli.get("/status").body();
            assertTrue(
                    status.contains("\"OrchestratorPool\":[\"loopback:local\",\"https://far.example:8935\","
                            + "\"https://10.0.0.2:18935\"]"),
                    status);
        }
    }

    @Test
    void whatTheSettingsRefuseIsRefusedWithTheirSentence() throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            cli.settings.refusal = "maxSessions is at most 10000";
            HttpResponse<String> answer = cli.post("/setMaxSessions", "maxSessions=20000");
            assertEquals(400, answer.statusCode());
            assertEquals("maxSessions is at most 10000\n", answer.body());
        }
    }

    @Test
    void whatCannotBeKeptIsAnsweredWithItsCause() throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            cli.settings.full = true;
            HttpResponse<String> answer = cli.post("/setMaxSessions", "maxSessions=7");
            assertEquals(500, answer.statusCode());
            assertEquals("Nothing was changed: no space left\n", answer.body());
        }
    }

    @Test
    void thePriceOfAllGatewaysIsThatOfAPixelInWei() throws Exception {
        try (CliNode cli = new CliNode("orchestrator")) {
            cli.settings.values.put("io.millrace.kernel.orchestrator.pricePerUnit", "0");
            cli.settings.values.put("io.millrace.kernel.orchestrator.pixelsPerUnit", "1");
            assertTrue(cli.get("/status").body().endsWith("\"BroadcasterPrices\":{}}"));
            String ask = "pricePerUnit=0.000000000000000007&pixelsPerUnit=2&currency=ETH&broadcasterEthAddr=default";
            assertEquals(200, cli.post("/setPriceForBroadcaster", ask).statusCode());
            assertEquals("7", cli.settings.values.get("io.millrace.kernel.orchestrator.pricePerUnit"));
            assertEquals("2", cli.settings.values.get("io.millrace.kernel.orchestrator.pixelsPerUnit"));
            cli.node.prices = List.of(price(Address.NONE, "7", Rational.of(7, 2)), price(GATEWAY, "1", Rational.of(1, 1)));
            assertTrue(cli.get("/status").body().endsWith(
                    "\"BroadcasterPrices\":{\"default\":\"7/2\",\"0x1111111111111111111111111111111111111111\":\"1\"}}"));
        }
    }

    @Test
    void theLogLevelIsChangedInTheLogItself() throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            assertEquals("3", cli.get("/getLogLevel").body());
            assertEquals(200, cli.post("/setLogLevel", "loglevel=6").statusCode());
            assertEquals("6", cli.get("/getLogLevel").body());
            assertEquals("TRACE", System.getProperty(LogLevel.PROPERTY));
            assertEquals(1, cli.logRead);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site,cross-site", "Sec-Fetch-Site,same-site", "Origin,http://evil.example", "Origin,null",
        "Referer,http://evil.example/page", "Referer,http://127.0.0.1:1/"
    })
    void anotherSitesPageChangesNothing(String header, String value) throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            assertEquals(403, cli.post("/setMaxSessions", "maxSessions=1", header, value).statusCode());
            String bearer = CliNode.TOKEN;
            assertEquals(
                    403,
                    cli.post("/setMaxSessions", "maxSessions=1", header, value, "Authorization", bearer).statusCode());
            assertTrue(cli.settings.values.isEmpty());
        }
    }

    @Test
    void aPageOfThisNodeChangesIt() throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            String page = cli.uri("/player/abc").toString();
            String origin = cli.uri("").toString();
            assertEquals(
                    200,
                    cli.post("/setMaxSessions", "maxSessions=1", "Referer", page, "Origin", origin).statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE"})
    void whatAFetchedAddressCanCarryChangesNothingAndIsToldHowToPost(String method) throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            HttpResponse<String> answer = cli.send(method, "/setMaxSessions?maxSessions=1");
            assertEquals(405, answer.statusCode());
            assertEquals("POST", answer.headers().firstValue("Allow").orElseThrow());
            assertTrue(cli.settings.values.isEmpty());
            if (!method.equals("HEAD")) {
                assertEquals(
                        "/setMaxSessions changes this node: send it with POST and its parameters as a form in the body,"
                                + " as in: curl -d 'maxSessions=VALUE' ADDRESS/setMaxSessions\n",
                        answer.body());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "video/mp2t", "application/vnd+livepeer.uri"})
    void aBodyThatIsNoFormChangesNothing(String type) throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            assertEquals(415, cli.postAs(type, "/setMaxSessions?maxSessions=1", "maxSessions=1").statusCode());
            assertEquals(415, cli.send("POST", "/setMaxSessions?maxSessions=1").statusCode());
            assertEquals(
                    415,
                    cli.postAs("application/x-www-form-urlencoded", "/setMaxSessions?maxSessions=1", "x=y")
                            .statusCode());
            assertTrue(cli.settings.values.isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"})
    void whatAProxySendsOnTakesTheToken(String header) throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            HttpResponse<String> refused = cli.post("/setMaxSessions", "maxSessions=1", header, "for=10.0.0.7");
            assertEquals(401, refused.statusCode());
            assertEquals("the token is in FILE\n", refused.body());
            assertTrue(cli.settings.values.isEmpty());
            String token = CliNode.TOKEN;
            assertEquals(
                    200,
                    cli.post("/setMaxSessions", "maxSessions=1", header, "for=10.0.0.7", "Authorization", token)
                            .statusCode());
        }
    }

    @Test
    void anAddressThatIsNotThisMachinesOwnTakesTheToken() throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            assertTrue(cli.changedAt("evil.example").contains("421"));
            assertTrue(cli.changedAt("10.0.0.7").contains("401"));
            assertTrue(cli.settings.values.isEmpty());
            for (String own : List.of("localhost:5935", "127.0.0.1", "[::1]", "gateway.example")) {
                assertTrue(cli.changedAt(own).contains("200"), own);
            }
        }
    }

    @Test
    void readsAreOpenAndPagesAreBesideThem() throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            assertEquals(200, cli.send("GET", "/status", "X-Forwarded-For", "10.0.0.7").statusCode());
            assertTrue(cli.get("/").body().startsWith("<!"));
            assertEquals("404 page not found\n", cli.get("/nothing").body());
            assertEquals(405, cli.post("/nothing", "a=b").statusCode());
        }
    }
}
