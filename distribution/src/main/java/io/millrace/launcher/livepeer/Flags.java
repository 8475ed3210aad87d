package io.millrace.launcher.livepeer;

import static io.millrace.launcher.livepeer.Flag.own;
import static io.millrace.launcher.livepeer.Flag.setting;
import static io.millrace.launcher.livepeer.Flag.toggle;

import io.millrace.launcher.Refused;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one table of go-livepeer's flags: those we have, and for the others what to use instead. */
final class Flags {

    private static final String GATEWAY = "io.millrace.kernel.gateway/";
    private static final String ORCHESTRATOR = "io.millrace.kernel.orchestrator/";
    private static final String PAYER = "io.millrace.kernel.payer/";
    private static final String CHAIN = "io.millrace.arbitrum/";
    private static final String WALLET = "io.millrace.wallet/";
    private static final String RUNNER = "io.millrace.runner/";

    /** Flags that become settings, or that decide the role. */
    static final List<Flag> KNOWN = List.of(
            toggle("gateway"),
            toggle("broadcaster"),
            toggle("orchestrator"),
            toggle("transcoder"),
            toggle("redeemer"),
            // Models are served as soon as -aiModels names them.
            toggle("aiWorker"),
            setting("aiModels", Flags::models, RUNNER + "models"),
            setting("aiProcessingRetryTimeout", millis("aiProcessingRetryTimeout"), GATEWAY + "requestRetryMillis"),
            own("network"),
            own("dataDir"),
            own("datadir"),
            own("v"),
            own("config"),
            toggle("version"),
            own("serviceAddr"),
            toggle("httpIngest"),
            // Metrics are always there, at /metrics of -cliAddr.
            toggle("monitor"),
            setting("orchAddr", GATEWAY + "orchestrators"),
            setting("maxAttempts", GATEWAY + "maxAttempts"),
            setting("orchMinLivepeerVersion", GATEWAY + "minVersion"),
            setting("discoveryTimeout", millis("discoveryTimeout"), GATEWAY + "discoveryTimeoutMillis"),
            setting("maxSessions", Flags::number, GATEWAY + "maxSessions", ORCHESTRATOR + "maxSessions"),
            setting("pricePerUnit", price("pricePerUnit"), ORCHESTRATOR + "pricePerUnit"),
            setting(
                    "pixelsPerUnit",
                    whole("pixelsPerUnit", "pixels"),
                    ORCHESTRATOR + "pixelsPerUnit",
                    GATEWAY + "pixelsPerUnit",
                    RUNNER + "pixelsPerUnit"),
            setting("maxPricePerUnit", price("maxPricePerUnit"), GATEWAY + "maxPricePerUnit"),
            setting("pricePerGateway", gatewayPrices("pricePerGateway"), ORCHESTRATOR + "prices"),
            setting("pricePerBroadcaster", gatewayPrices("pricePerBroadcaster"), ORCHESTRATOR + "prices"),
            own("maxPricePerCapability"),
            setting("priceFeedAddr", CHAIN + "priceFeed"),
            setting("ticketEV", whole("ticketEV", "wei"), ORCHESTRATOR + "ticketValue"),
            setting("maxFaceValue", whole("maxFaceValue", "wei"), ORCHESTRATOR + "maxFaceValue"),
            new Flag("autoAdjustPrice", true, Map.of(ORCHESTRATOR + "adjustPrice", Flags::truth)),
            setting("redeemerAddr", Flags::redeemer, ORCHESTRATOR + "redeemer"),
            setting("maxTicketEV", whole("maxTicketEV", "wei"), PAYER + "maxTicketValue"),
            setting("maxTotalEV", whole("maxTotalEV", "wei"), PAYER + "maxPaymentValue"),
            setting("depositMultiplier", whole("depositMultiplier", "tickets"), PAYER + "depositMultiplier"),
            setting("ethUrl", CHAIN + "urls"),
            setting("ethController", CHAIN + "controller"),
            setting("blockPollingInterval", whole("blockPollingInterval", "seconds"), CHAIN + "pollSeconds"),
            new Flag("initializeRound", true, Map.of(CHAIN + "initializeRound", Flags::truth)),
            setting("initializeRoundMaxDelay", seconds("initializeRoundMaxDelay"), CHAIN + "initializeRoundMaxDelaySeconds"),
            new Flag("reward", true, Map.of(CHAIN + "reward", Flags::truth)),
            setting("maxGasPrice", whole("maxGasPrice", "wei"), CHAIN + "maxGasPrice"),
            setting("transactionTimeout", seconds("transactionTimeout"), CHAIN + "replaceSeconds"),
            setting("maxTransactionReplacements", whole("maxTransactionReplacements", "times"), CHAIN + "maxReplacements"),
            setting("ethKeystorePath", Flags::absolute, WALLET + "keystore"),
            setting("ethAcctAddr", WALLET + "account"),
            setting("ethOrchAddr", WALLET + "orchestratorAccount"),
            own("ethPassword"),
            setting("transcodingOptions", Flags::presetsOrFile, "io.millrace.media/profiles"),
            setting("rtmpAddr", address("127.0.0.1", "1935"), "io.millrace.media.rtmp/address"),
            own("cliAddr"),
            own("httpAddr"));

    private static final String CHAIN_LATER =
            "This part of the chain is not there yet: leave it out, or keep go-livepeer for it.";
    private static final String AI = "Live AI is not there yet: leave it out, or keep go-livepeer for it.";
    private static final String CONTAINERS =
            "Containers are not started by this node: start runners yourself, and name them with their url in the file of"
                    + " -aiModels.";
    private static final String SELECTION =
            "Orchestrators are chosen by latency and past errors; name those to use with -orchAddr.";
    private static final String STORAGE =
            "Object storage is not there yet: renditions are served from memory at /stream/ of -httpAddr.";
    private static final String WEBHOOK =
            "Webhooks are not there yet: name orchestrators with -orchAddr; keep the ingest on an address that only"
                    + " you reach.";

    /** Flags of go-livepeer that we do not have, with what to do instead. */
    static final List<Flag.Missing> MISSING = List.of(
            missing(CHAIN_LATER, "gasLimit minGasPrice"
                    + " ignoreMaxPriceIfNeeded remoteSigner remoteSignerUrl remoteSignerHeaders"
                    + " remoteSignerWebhookUrl remoteSignerWebhookHeaders remoteSignerAllowNoAuth remoteDiscovery"),
            missing(CONTAINERS, "aiModelsDir aiRunnerImage aiRunnerImageOverrides aiRunnerContainersPerGPU"),
            harmless("false", CONTAINERS, "aiVerboseLogs"),
            missing("Orchestrators are not chosen by the version of their runners yet: leave it out.", "aiMinRunnerVersion"),
            harmless("false", "The registry of AI nodes is not read yet: name orchestrators with -orchAddr.",
                    "aiServiceRegistry"),
            missing(AI, "aiServerless useLiveRunners liveRunnerConfig liveRunnerProxyUrl mediaMTXApiPassword"
                    + " liveRunnerAddr liveAITrickleHostForRunner liveAIAuthApiKey liveAIHeartbeatURL"
                    + " liveAIHeartbeatHeaders liveAIHeartbeatInterval liveAIAuthWebhookUrl livePaymentInterval"
                    + " liveOutSegmentTimeout liveAISaveNSegments liveAICapRefreshModels liveAICapReportInterval"),
            missing(SELECTION, "extraNodes orchBlocklist selectRandFreq selectStakeWeight selectPriceWeight"
                    + " selectPriceExpFactor orchPerfStatsUrl region minPerfScore"),
            missing(STORAGE, "objectStore recordStore FVfailGsbucket FVfailGskey"),
            missing(WEBHOOK, "orchWebhookUrl authWebhookUrl"),
            missing("Results are not verified a second time yet: leave it out.", "verifierUrl verifierPath"),
            harmless("false", "Results are not verified a second time yet: leave it out.", "localVerify"),
            harmless("true", "The node checks its encoder at each start by itself: leave it out.", "testTranscoder"),
            harmless("false", "'millrace status' tells whether the node is ready: leave it out.",
                    "startupAvailabilityCheck"),
            harmless("false", "HEVC is not decoded: leave it out.", "hevcDecoding"),
            harmless("false", "Play /stream/NAME.m3u8 by the stream's name: leave it out.", "currentManifest"),
            harmless("false", "Metrics carry no stream names or addresses of clients: leave it out.",
                    "metricsPerStream metricsClientIP"),
            missing("The encoder is found by itself, a graphics card first; io.millrace.ffmpeg.encoder names another:"
                    + " leave it out.", "nvidia netint"),
            missing("Standalone transcoders are not there yet: use -orchestrator -transcoder.", "orchSecret"),
            missing("An orchestrator names one address so far: use -serviceAddr.", "nodes"),
            missing("Nothing outside is told this node's name: leave it out.", "gatewayHost"),
            missing("'millrace help' tells what there is.", "j"),
            missing("Events go to the log and to /metrics of -cliAddr: leave it out.",
                    "metadataQueueUri metadataAmqpExchange metadataPublishTimeout kafkaBootstrapServers kafkaUser"
                            + " kafkaPassword kafkaGatewayTopic"));

    /** Go's durations, such as 1m30s, as far as the times of this node go. */
    private static final Pattern PARTS = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h)");

    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m)");

    private Flags() {}

    private static Flag.Missing missing(String instead, String names) {
        return new Flag.Missing(List.of(names.split(" ")), instead, Optional.empty());
    }

    private static Flag.Missing harmless(String value, String instead, String names) {
        return new Flag.Missing(List.of(names.split(" ")), instead, Optional.of(value));
    }

    static Optional<Flag> known(String name) {
        return KNOWN.stream().filter(flag -> flag.name().equals(name)).findFirst();
    }

    static Optional<Flag.Missing> missing(String name) {
        return MISSING.stream().filter(flag -> flag.names().contains(name)).findFirst();
    }

    /** All names, for suggestions. */
    static List<String> names() {
        List<String> names = new ArrayList<>(KNOWN.stream().map(Flag::name).toList());
        MISSING.forEach(flag -> names.addAll(flag.names()));
        return names;
    }

    /** go-livepeer's rule for an address of which parts are missing. */
    static UnaryOperator<String> address(String host, String port) {
        return text -> {
            if (text.isEmpty()) {
                return host + ":" + port;
            }
            if (text.startsWith(":")) {
                return host + text;
            }
            return text.contains(":") ? text : text + ":" + port;
        };
    }

    /** Without an address the node redeems itself, as go-livepeer does it. */
    private static String redeemer(String text) {
        return text.isEmpty() ? text : address("127.0.0.1", "8935").apply(text);
    }

    private static UnaryOperator<String> millis(String flag) {
        return text -> millis(flag, text);
    }

    private static String millis(String flag, String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new Refused("-" + flag + " takes a time such as 500ms or 2s, not '" + text + "'.");
        }
        double unit = matcher.group(2).equals("ms") ? 1 : matcher.group(2).equals("s") ? 1000 : 60_000;
        return Long.toString(Math.round(Double.parseDouble(matcher.group(1)) * unit));
    }

    /** A time as Go writes it, in whole seconds. */
    private static UnaryOperator<String> seconds(String flag) {
        return text -> seconds(flag, text);
    }

    private static String seconds(String flag, String text) {
        if (!text.matches("0|(" + PARTS.pattern() + ")+")) {
            throw new Refused("-" + flag + " takes a time such as 30s or 1m30s, not '" + text + "'.");
        }
        BigDecimal seconds = BigDecimal.ZERO;
        for (Matcher part = PARTS.matcher(text); part.find(); ) {
            BigDecimal unit = switch (part.group(2)) {
                case "ms" -> new BigDecimal("0.001");
                case "s" -> BigDecimal.ONE;
                case "m" -> BigDecimal.valueOf(60);
                default -> BigDecimal.valueOf(3600);
            };
            seconds = seconds.add(new BigDecimal(part.group(1)).multiply(unit));
        }
        return seconds.setScale(0, RoundingMode.CEILING).toPlainString();
    }

    private static String number(String text) {
        if (text.equals("auto")) {
            throw new Refused(
                    "-maxSessions auto counts standalone transcoders, which are not there yet: give a number.");
        }
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new Refused("-maxSessions takes a number above zero, not '" + text + "'.");
        }
        return text;
    }

    /** An amount, and its currency where it is not wei (go-livepeer: starter.go, parsePricePerUnit). */
    private static UnaryOperator<String> price(String flag) {
        return text -> {
            if (!text.matches("[0-9]{1,40}(\\.[0-9]{1,40})?([A-Za-z][A-Za-z0-9]{0,15})?")) {
                throw new Refused("-" + flag + " takes an amount, with its currency where it is not wei, such as 1200 or"
                        + " 0.50USD, not '" + text + "'.");
            }
            return text;
        };
    }

    private static UnaryOperator<String> gatewayPrices(String flag) {
        return text -> PriceLists.ofGateways(flag, text);
    }

    private static UnaryOperator<String> whole(String flag, String unit) {
        return text -> {
            if (!text.matches("[0-9]{1,18}")) {
                throw new Refused("-" + flag + " takes whole " + unit + " so far, not '" + text + "'.");
            }
            return text;
        };
    }

    private static String absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize().toString();
    }

    /** go-livepeer also takes models in the flag itself, for containers that it starts. */
    private static String models(String text) {
        if (!Files.isRegularFile(Path.of(text))) {
            throw new Refused("-aiModels takes a file with a url for each model, not '" + text
                    + "': this node starts no containers yet.");
        }
        return absolute(text);
    }

    private static String truth(String text) {
        return Boolean.toString(List.of("true", "1", "t", "T", "TRUE", "True").contains(text));
    }

    /** A file is named from where the user stands; the node stands elsewhere. */
    private static String presetsOrFile(String text) {
        Path file = Path.of(text);
        return Files.isRegularFile(file) ? file.toAbsolutePath().toString() : text;
    }
}
