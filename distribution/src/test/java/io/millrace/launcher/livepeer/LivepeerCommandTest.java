package io.millrace.launcher.livepeer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.launcher.DataFolder;
import io.millrace.launcher.DistributionFolder;
import io.millrace.launcher.Feature;
import io.millrace.launcher.Refused;
import io.millrace.launcher.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivepeerCommandTest {

    private static final DistributionFolder PROJECT = new DistributionFolder(Path.of("..").toAbsolutePath().normalize());

    @TempDir
    private Path folder;

    private Properties settings(String... words) {
        CommandLine line = CommandLine.parse(List.of(words));
        Feature feature = Feature.read(PROJECT, LivepeerCommand.role(line));
        Settings settings = LivepeerCommand.settings(PROJECT, new DataFolder(folder), feature, line);
        return settings.resolved();
    }

    private static String refusal(String... words) {
        return assertThrows(Refused.class, () -> LivepeerCommand.role(CommandLine.parse(List.of(words))))
                .getMessage();
    }

    @Test
    void aGatewayIsOneByEitherName() {
        for (String name : new String[] {"-gateway", "--gateway", "-broadcaster", "-gateway=true", "-broadcaster=1"}) {
            assertEquals("gateway", LivepeerCommand.role(CommandLine.parse(List.of(name))), name);
        }
    }

    @Test
    void aGatewaysFlagsBecomeItsSettings() {
        Properties settings = settings(
                "-gateway",
                "-network",
                "offchain",
                "-orchAddr",
                "127.0.0.1:18935,localhost",
                "-httpAddr=127.0.0.1:28935",
                "--rtmpAddr",
                "127.0.0.1:21935",
                "-cliAddr",
                ":27935",
                "-transcodingOptions",
                "P144p30fps16x9",
                "-maxSessions",
                "7",
                "-maxAttempts=2",
                "-monitor",
                "-v",
                "6");
        assertEquals("127.0.0.1:18935,localhost", settings.getProperty("io.millrace.kernel.gateway/orchestrators"));
        assertEquals("7", settings.getProperty("io.millrace.kernel.gateway/maxSessions"));
        assertEquals("2", settings.getProperty("io.millrace.kernel.gateway/maxAttempts"));
        assertEquals("127.0.0.1:28935", settings.getProperty("io.millrace.http~http/address"));
        assertEquals("127.0.0.1:21935", settings.getProperty("io.millrace.media.rtmp/address"));
        assertEquals("127.0.0.1:27935", settings.getProperty("io.millrace.http~admin/address"));
        assertEquals("P144p30fps16x9", settings.getProperty("io.millrace.media/profiles"));
    }

    @Test
    void aGatewayListensWhereGoLivepeersDoes() {
        Properties settings = settings("-gateway");
        assertEquals("127.0.0.1:9935", settings.getProperty("io.millrace.http~http/address"));
        assertEquals("127.0.0.1:1935", settings.getProperty("io.millrace.media.rtmp/address"));
        assertEquals("127.0.0.1:5935", settings.getProperty("io.millrace.http~admin/address"));
        assertEquals("127.0.0.1:9000", settings("-gateway", "-httpAddr", ":9000").getProperty("io.millrace.http~http/address"));
        assertEquals("0.0.0.0:9935", settings("-gateway", "-httpAddr", "0.0.0.0").getProperty("io.millrace.http~http/address"));
    }

    @Test
    void anOrchestratorListensOnThePortOfItsServiceAddress() {
        Properties settings = settings("-orchestrator", "-transcoder", "-serviceAddr", "127.0.0.1:18935");
        assertEquals(":18935", settings.getProperty("io.millrace.http~service/address"));
        assertEquals("https://127.0.0.1:18935", settings.getProperty("io.millrace.kernel.orchestrator/serviceUri"));
        assertEquals("127.0.0.1:7935", settings.getProperty("io.millrace.http~admin/address"));
        assertEquals("true", settings.getProperty("io.millrace.http~service/tls"));
    }

    @Test
    void anOrchestratorsHttpAddressIsTheSocketAndMayBeClearText() {
        Properties settings = settings(
                "-orchestrator", "-transcoder", "-serviceAddr", "o.example", "-httpAddr", "http://127.0.0.1:1234");
        assertEquals("127.0.0.1:1234", settings.getProperty("io.millrace.http~service/address"));
        assertEquals("false", settings.getProperty("io.millrace.http~service/tls"));
        assertEquals("https://o.example:8935", settings.getProperty("io.millrace.kernel.orchestrator/serviceUri"));
    }

    @Test
    void profilesAreFoundFromWhereTheUserStands() throws IOException {
        Path file = Files.writeString(folder.resolve("profiles.json"), "[]");
        assertEquals(
                file.toAbsolutePath().toString(),
                settings("-gateway", "-transcodingOptions", file.toString()).getProperty("io.millrace.media/profiles"));
    }

    @Test
    void pushIsClosedWhereOthersReachItUnlessItIsAskedFor() {
        String enabled = "io.millrace.media.push/enabled";
        assertNull(settings("-gateway").getProperty(enabled));
        assertNull(settings("-gateway", "-httpAddr", "127.0.0.1:1").getProperty(enabled));
        assertEquals("false", settings("-gateway", "-httpAddr", "0.0.0.0:1").getProperty(enabled));
        assertEquals("true", settings("-gateway", "-httpAddr", "0.0.0.0:1", "-httpIngest").getProperty(enabled));
        assertEquals("false", settings("-gateway", "-httpIngest=false").getProperty(enabled));
    }

    @Test
    void theFileOfTheAiModelsIsThatOfTheRunners() throws IOException {
        Path file = Files.writeString(folder.resolve("aiModels.json"), "[]");
        Properties settings = settings(
                "-orchestrator", "-transcoder", "-aiWorker", "-aiModels", file.toString(), "-serviceAddr",
                "127.0.0.1:1", "-pixelsPerUnit", "1000");
        assertEquals(file.toString(), settings.getProperty("io.millrace.runner/models"));
        assertEquals("1000", settings.getProperty("io.millrace.runner/pixelsPerUnit"));
        assertTrue(assertThrows(
                        Refused.class,
                        () -> settings("-orchestrator", "-transcoder", "-serviceAddr", "127.0.0.1:1", "-aiModels", "llm:m:true"))
                .getMessage()
                .contains("starts no containers"));
        assertTrue(refusal("-aiWorker").contains("A standalone AI worker is not there yet"));
        assertTrue(refusal("-orchestrator", "-aiModelsDir", "x").contains("start runners yourself"));
    }

    @Test
    void aGatewayTakesAiRequestsWhereItTakesPushes() {
        String enabled = "io.millrace.livepeer.ai/enabled";
        assertNull(settings("-gateway").getProperty(enabled));
        assertEquals("false", settings("-gateway", "-httpAddr", "0.0.0.0:1").getProperty(enabled));
        assertEquals("true", settings("-gateway", "-httpAddr", "0.0.0.0:1", "-httpIngest").getProperty(enabled));
        assertEquals(
                "3000",
                settings("-gateway", "-aiProcessingRetryTimeout", "3s")
                        .getProperty("io.millrace.kernel.gateway/requestRetryMillis"));
    }

    @Test
    void aFlagThatWeDoNotHaveIsRefusedByNameWithWhatToUseInstead() {
        assertTrue(refusal("-gateway", "-extraNodes", "2").contains("-extraNodes is not there yet."));
        assertTrue(refusal("-orchestrator", "-nvidia", "0").contains("io.millrace.ffmpeg.encoder"));
        assertTrue(refusal("-transcoder").contains("-orchestrator -transcoder"));
        assertTrue(refusal("-orchestrator", "-serviceAddr", "127.0.0.1:1").contains("add -transcoder"));
        assertTrue(refusal("-orchestrator", "-transcoder").contains("-serviceAddr"));
        assertTrue(refusal().contains("No services enabled"));
    }

    @Test
    void anUnknownFlagIsNamedWithTheNearest() {
        assertTrue(refusal("-gateway", "-orchAdr", "x").contains("There is no flag -orchAdr. Did you mean -orchAddr?"));
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        String refusal = refusal("stray", "-gateway", "-extraNodes=2", "-nonsense", "-monitor=perhaps");
        assertEquals(4, refusal.lines().count(), refusal);
    }

    @Test
    void aFlagThatAsksForWhatIsDoneAnywayIsNoRefusal() {
        assertEquals(
                "gateway",
                LivepeerCommand.role(CommandLine.parse(
                        List.of("-gateway", "-localVerify=false", "-startupAvailabilityCheck=false"))));
    }

    @Test
    void aPriceIsInWeiOrInACurrency() {
        String[] price = {
            "-orchestrator", "-transcoder", "-serviceAddr", "127.0.0.1:1", "-pixelsPerUnit=7", "-pricePerUnit", "1200"
        };
        Properties settings = settings(price);
        assertEquals("1200", settings.getProperty("io.millrace.kernel.orchestrator/pricePerUnit"));
        assertEquals("7", settings.getProperty("io.millrace.kernel.orchestrator/pixelsPerUnit"));
        price[price.length - 1] = "0.1USD";
        assertEquals("0.1USD", settings(price).getProperty("io.millrace.kernel.orchestrator/pricePerUnit"));
        for (String wrong : List.of("-1", "0.1 USD", "USD", ".5", "")) {
            price[price.length - 1] = wrong;
            assertTrue(assertThrows(Refused.class, () -> settings(price)).getMessage().contains("0.50USD"), wrong);
        }
        assertNull(settings("-gateway", "-pixelsPerUnit", "7")
                .getProperty("io.millrace.kernel.orchestrator/pixelsPerUnit"));
    }

    private static final String GATEWAYS = """
            {"broadcasters":[{"ethaddress":"0x1111111111111111111111111111111111111111","priceperunit":7,"pixelsperunit":2}],
             "gateways":[{"ETHAddress":"0xAAaaAAaaAAaaAAaaAAaaAAaaAAaaAAaaAAaaAAaa","priceperunit":0.50,"currency":"USD",\
            "pixelsperunit":1e12}]}""";

    @Test
    void pricesOfGatewaysAreThoseOfTheJsonOrItsFile(@TempDir Path folder) throws Exception {
        String lines = "0x1111111111111111111111111111111111111111=7/2,"
                + "0xAAaaAAaaAAaaAAaaAAaaAAaaAAaaAAaaAAaaAAaa=0.5USD/1000000000000";
        String[] flags = {"-orchestrator", "-transcoder", "-serviceAddr", "127.0.0.1:1", "-pricePerGateway", GATEWAYS};
        assertEquals(lines, settings(flags).getProperty("io.millrace.kernel.orchestrator/prices"));
        flags[5] = Files.writeString(folder.resolve("prices.json"), GATEWAYS).toString();
        assertEquals(lines, settings(flags).getProperty("io.millrace.kernel.orchestrator/prices"));
        flags[4] = "-pricePerBroadcaster";
        assertEquals(lines, settings(flags).getProperty("io.millrace.kernel.orchestrator/prices"));
        for (String wrong : List.of(
                "nowhere.json", "{", "{\"gateways\":7}", "{\"gateways\":[7]}",
                GATEWAYS.replace("0x11", "0x1"), GATEWAYS.replace(":7", ":\"7\""), GATEWAYS.replace(":7", ":-7"),
                GATEWAYS.replace(":7", ":1e999999999"), GATEWAYS.replace(",\"pixelsperunit\":2", ""))) {
            flags[5] = wrong;
            String message = assertThrows(Refused.class, () -> settings(flags)).getMessage();
            assertTrue(message.startsWith("-pricePerBroadcaster"), message);
        }
    }

    @Test
    void maximumPricesOfModelsAreThoseOfTheJson() {
        String json = """
                {"capabilities_prices":[
                 {"pipeline":"text-to-image","model_id":"stabilityai/sd-turbo","price_per_unit":1000,"pixels_per_unit":3},
                 {"pipeline":"upscale","model_id":"default","price_per_unit":0.25,"currency":"USD"},
                 {"pipeline":"llm","price_per_unit":0}]}""";
        assertEquals(
                "text-to-image/stabilityai/sd-turbo=1000/3,upscale=0.25USD/7",
                settings("-gateway", "-pixelsPerUnit", "7", "-maxPricePerCapability", json)
                        .getProperty("io.millrace.kernel.gateway/maxPrices"));
    }

    @Test
    void thePriceFeedIsThatOfTheFlag() {
        String[] flags = Arrays.copyOf(ON_CHAIN, ON_CHAIN.length + 3);
        flags[flags.length - 3] = "-gateway";
        flags[flags.length - 2] = "-priceFeedAddr";
        flags[flags.length - 1] = "0x1111111111111111111111111111111111111111";
        assertEquals(
                "0x1111111111111111111111111111111111111111",
                settings(flags).getProperty("io.millrace.arbitrum/priceFeed"));
    }

    private static final String[] ON_CHAIN = {
        "-network", "devenv", "-ethUrl", "http://127.0.0.1:8545", "-ethController",
        "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    };

    private Properties onChain(String... words) {
        return settings(Stream.concat(Stream.of(words), Stream.of(ON_CHAIN)).toArray(String[]::new));
    }

    @Test
    void aNetworkMakesTheNodeOneThatIsOnChain() {
        Properties gateway = onChain(
                "-gateway", "-maxPricePerUnit", "20000000", "-pixelsPerUnit", "3", "-maxTicketEV", "300000000000000",
                "-maxTotalEV=10000000000000000", "-depositMultiplier", "2", "-ethPassword", "",
                "-ethKeystorePath", folder.toString(), "-ethAcctAddr", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
        assertEquals("gateway", gateway.getProperty("io.millrace.ops/role"));
        assertEquals("true", gateway.getProperty("io.millrace.kernel.gateway/onChain"));
        assertEquals("20000000", gateway.getProperty("io.millrace.kernel.gateway/maxPricePerUnit"));
        assertEquals("3", gateway.getProperty("io.millrace.kernel.gateway/pixelsPerUnit"));
        assertEquals("300000000000000", gateway.getProperty("io.millrace.kernel.payer/maxTicketValue"));
        assertEquals("10000000000000000", gateway.getProperty("io.millrace.kernel.payer/maxPaymentValue"));
        assertEquals("2", gateway.getProperty("io.millrace.kernel.payer/depositMultiplier"));
        assertEquals("http://127.0.0.1:8545", gateway.getProperty("io.millrace.arbitrum/urls"));
        assertEquals(folder.toString(), gateway.getProperty("io.millrace.wallet/keystore"));
        assertNull(gateway.getProperty("io.millrace.wallet/password"));
        Properties orchestrator = onChain(
                "-orchestrator", "-transcoder", "-serviceAddr", "127.0.0.1:1", "-pricePerUnit", "5000000", "-ticketEV",
                "100000000000000", "-maxFaceValue", "400000000000000", "-autoAdjustPrice=false",
                "-blockPollingInterval", "1", "-maxGasPrice", "40000000000", "-transactionTimeout", "1m30s",
                "-maxTransactionReplacements", "2", "-ethOrchAddr", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
        assertEquals(
                "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
                orchestrator.getProperty("io.millrace.wallet/orchestratorAccount"));
        assertEquals("40000000000", orchestrator.getProperty("io.millrace.arbitrum/maxGasPrice"));
        assertEquals("90", orchestrator.getProperty("io.millrace.arbitrum/replaceSeconds"));
        assertEquals("2", orchestrator.getProperty("io.millrace.arbitrum/maxReplacements"));
        assertEquals("true", orchestrator.getProperty("io.millrace.kernel.orchestrator/onChain"));
        assertEquals("100000000000000", orchestrator.getProperty("io.millrace.kernel.orchestrator/ticketValue"));
        assertEquals("400000000000000", orchestrator.getProperty("io.millrace.kernel.orchestrator/maxFaceValue"));
        assertEquals("false", orchestrator.getProperty("io.millrace.kernel.orchestrator/adjustPrice"));
        assertEquals("350000", orchestrator.getProperty("io.millrace.kernel.orchestrator/redeemGas"));
        assertEquals("1", orchestrator.getProperty("io.millrace.arbitrum/pollSeconds"));
        assertEquals(folder.resolve("ledger").toString(), orchestrator.getProperty("io.millrace.store/directory"));
    }

    @Test
    void aRedeemerIsANodeOfItsOwn() {
        Properties redeemer = onChain("-redeemer", "-httpAddr", ":9000", "-cliAddr", "127.0.0.1:9001");
        assertEquals("redeemer", redeemer.getProperty("io.millrace.ops/role"));
        assertEquals("127.0.0.1:9000", redeemer.getProperty("io.millrace.http~service/address"));
        assertEquals("127.0.0.1:9001", redeemer.getProperty("io.millrace.http~admin/address"));
        assertEquals("/net.TicketRedeemer/*,/healthz", redeemer.getProperty("io.millrace.http~service/paths"));
        assertEquals("127.0.0.1:8935", onChain("-redeemer").getProperty("io.millrace.http~service/address"));
        String account = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
        assertEquals(
                account,
                onChain("-redeemer", "-ethOrchAddr", account).getProperty("io.millrace.wallet/orchestratorAccount"));
        assertTrue(refusal("-redeemer").contains("-network"));
        assertTrue(refusal("-redeemer", "-gateway", "-network", "devenv").contains("a node of its own"));
    }

    @Test
    void anOrchestratorHandsItsTicketsToTheRedeemerThatIsNamed() {
        String[] orchestrator = {"-orchestrator", "-transcoder", "-serviceAddr", "127.0.0.1:1", "-redeemerAddr", ":9000"};
        String redeemer = "io.millrace.kernel.orchestrator/redeemer";
        assertEquals("127.0.0.1:9000", onChain(orchestrator).getProperty(redeemer));
        orchestrator[5] = "10.0.0.7";
        assertEquals("10.0.0.7:8935", onChain(orchestrator).getProperty(redeemer));
        orchestrator[5] = "";
        assertEquals("", onChain(orchestrator).getProperty(redeemer));
    }

    @Test
    void dutiesForTheNetworkAreTakenOn() {
        String[] orchestrator = {
            "-orchestrator", "-transcoder", "-serviceAddr", "127.0.0.1:1", "-reward", "-initializeRound=true",
            "-initializeRoundMaxDelay", "1m30.5s"
        };
        Properties settings = onChain(orchestrator);
        assertEquals("true", settings.getProperty("io.millrace.arbitrum/reward"));
        assertEquals("true", settings.getProperty("io.millrace.arbitrum/initializeRound"));
        assertEquals("91", settings.getProperty("io.millrace.arbitrum/initializeRoundMaxDelaySeconds"));
        orchestrator[orchestrator.length - 1] = "0";
        assertEquals("0", onChain(orchestrator).getProperty("io.millrace.arbitrum/initializeRoundMaxDelaySeconds"));
        orchestrator[orchestrator.length - 1] = "30";
        Refused refused = assertThrows(Refused.class, () -> onChain(orchestrator));
        assertTrue(refused.getMessage().contains("-initializeRoundMaxDelay takes a time such as"), refused.getMessage());
    }

    @Test
    void aKnownNetworkNeedsNoController() {
        Properties settings = settings("-gateway", "-network", "arbitrum-one-mainnet", "-ethUrl", "https://rpc.example");
        assertEquals(
                "0xD8E8328501E9645d16Cf49539efC04f734606ee4", settings.getProperty("io.millrace.arbitrum/controller"));
        Refused unknown = assertThrows(
                Refused.class, () -> settings("-gateway", "-network", "devenv", "-ethUrl", "http://127.0.0.1:1"));
        assertTrue(unknown.getMessage().contains("-ethController"), unknown.getMessage());
        Refused nowhere = assertThrows(Refused.class, () -> settings("-gateway", "-network", "arbitrum-one-mainnet"));
        assertTrue(nowhere.getMessage().contains("-ethUrl"), nowhere.getMessage());
    }

    @Test
    void whoNamesNoOrchestratorsFindsThemOnTheChain() {
        String enabled = "io.millrace.arbitrum.directory/enabled";
        Properties found = onChain("-gateway");
        assertEquals("true", found.getProperty(enabled));
        assertEquals("", found.getProperty("io.millrace.kernel.gateway/orchestrators"));
        assertEquals("127.0.0.0/8,::1", found.getProperty("io.millrace.kernel.network/allowedNetworks"));
        assertEquals("false", onChain("-gateway", "-orchAddr", "127.0.0.1:1").getProperty(enabled));
        assertNull(settings("-gateway", "-network", "arbitrum-one-mainnet", "-ethUrl", "http://127.0.0.1:8545")
                .getProperty("io.millrace.kernel.network/allowedNetworks"));
    }

    @Test
    void aPasswordIsInAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "secret");
        assertEquals(
                "file:" + file,
                onChain("-gateway", "-ethPassword", file.toString()).getProperty("io.millrace.wallet/password"));
        Refused refused = assertThrows(Refused.class, () -> onChain("-gateway", "-ethPassword", "swordfish"));
        assertTrue(refused.getMessage().contains("takes a file"), refused.getMessage());
        assertFalse(refused.getMessage().contains("swordfish"), refused.getMessage());
    }

    @Test
    void aFlagWithoutItsValueIsRefused() {
        assertTrue(refusal("-gateway", "-orchAddr").contains("-orchAddr needs a value."));
    }

    @Test
    void everyFlagOfGoLivepeerHasAnAnswer() {
        for (String flag : ("network rtmpAddr cliAddr httpAddr serviceAddr nodes localVerify httpIngest orchAddr"
                        + " orchWebhookUrl extraNodes orchBlocklist orchMinLivepeerVersion discoveryTimeout orchSecret"
                        + " transcodingOptions maxAttempts maxSessions currentManifest nvidia netint testTranscoder"
                        + " aiWorker ethUrl pricePerUnit redeemer monitor metricsPerStream dataDir objectStore recordStore"
                        + " authWebhookUrl startupAvailabilityCheck remoteSigner kafkaUser v version config")
                .split(" ")) {
            assertTrue(Flags.known(flag).isPresent() || Flags.missing(flag).isPresent(), flag);
        }
    }
}
