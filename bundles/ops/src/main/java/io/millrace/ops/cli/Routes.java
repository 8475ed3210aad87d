package io.millrace.ops.cli;

import static io.millrace.ops.cli.Route.get;
import static io.millrace.ops.cli.Route.set;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The one table: every request of go-livepeer's CLI API, and what answers it here. */
final class Routes {

    private static final String NO_CHAIN = "missing ETH client";

    private Routes() {}

    static List<Route> of(
            NodeAnswers node, BroadcastConfig broadcast, Prices prices, MaxSessions sessions, LogLevel log) {
        return List.of(
                get("/status", form -> node.status()),
                get("/streamID", form -> node.latestStream()),
                get("/manifestID", form -> node.latestManifest()),
                get("/localStreams", form -> CliAnswer.json(List.of())),
                get("/IsOrchestrator", form -> node.isOrchestrator()),
                get("/IsRedeemer", form -> CliAnswer.text("false")),
                get("/debug", form -> node.latestPlaylist()),
                get("/debug/pprof/*", form -> CliAnswer.notYet("this is no Go program: jcmd PID Thread.print shows what its"
                        + " threads do, jcmd PID JFR.start records where time and memory go; GET /api/node names the PID")),
                get("/getLogLevel", form -> log.get()),
                set("/setLogLevel", log::set, "loglevel"),

                get("/getBroadcastConfig", form -> broadcast.get()),
                set("/setBroadcastConfig", broadcast::set),
                get("/getAvailableTranscodingOptions", form -> broadcast.options()),
                set("/setMaxSessions", sessions::set, "maxSessions"),
                set("/setPriceForBroadcaster", orchestrators(node, "Node must be orchestrator node to set price for"
                        + " broadcaster", prices::set), "pricePerUnit", "pixelsPerUnit", "broadcasterEthAddr"),
                set("/setMaxFaceValue", orchestrators(node, "node must be orchestrator node to set maxfacevalue",
                        Routes::maxFaceValue), "maxfacevalue"),

                set("/setMaxPriceForCapability", form -> node.roles().gateway()
                        ? CliAnswer.notYet("a price per capability does not exist yet; AI jobs are not sent so far")
                        : CliAnswer.wrong("Node must be gateway node to set max price per capability"),
                        "maxPricePerUnit", "pixelsPerUnit", "currency", "pipeline", "modelID"),
                get("/getAISessionPoolsInfo", form -> CliAnswer.json(Map.of())),
                get("/getNetworkCapabilities", form -> node.roles().gateway()
                        ? CliAnswer.lacking("network capabilities not available")
                        : CliAnswer.wrong("Node must be gateway node to get network capabilities")),
                get("/registerLiveRunners", form -> form.posted()
                        ? CliAnswer.problem(404, "live runners are not supported")
                        : CliAnswer.problem(405, "Method not allowed")),

                // Off-chain: the chain of that node is the one with the number 0, and its last block is none.
                get("/EthChainID", form -> CliAnswer.text("0")),
                get("/currentBlock", form -> CliAnswer.text("")),
                chain("/orchestratorInfo"),
                chain("/currentRound"),
                chainChange("/initializeRound"),
                chain("/roundInitialized"),
                chainChange("/activateOrchestrator", "blockRewardCut", "feeShare", "pricePerUnit",
                        "pixelsPerUnit", "serviceURI"),
                chainChange("/setOrchestratorConfig"),
                chainChange("/bond", "amount", "toAddr"),
                chainChange("/rebond", "unbondingLockId"),
                chainChange("/unbond", "amount"),
                chainChange("/withdrawStake", "unbondingLockId"),
                chain("/unbondingLocks"),
                chainChange("/withdrawFees"),
                chainChange("/claimEarnings"),
                chain("/delegatorInfo"),
                chain("/orchestratorEarningPoolsForRound"),
                chain("/registeredOrchestrators"),
                // It would change the chain, and livepeer_cli sends it with GET (wizard_transcoder.go).
                chain("/reward"),
                chain("/protocolParameters"),
                chain("/contractAddresses"),
                chain("/ethAddr"),
                chain("/tokenBalance"),
                chain("/ethBalance"),
                chainChange("/transferTokens", "to", "amount"),
                chainChange("/requestTokens"),
                chainChange("/signMessage", "message"),
                chainChange("/vote", "poll", "choiceID"),
                chainChange("/voteOnProposal", "proposalID", "support"),
                chainChange("/setMaxGasPrice", "amount"),
                chainChange("/setMinGasPrice", "minGasPrice"),
                chain("/maxGasPrice"),
                chain("/minGasPrice"),
                chainChange("/fundDepositAndReserve", "depositAmount", "reserveAmount"),
                chainChange("/fundDeposit", "amount"),
                chainChange("/unlock"),
                chainChange("/cancelUnlock"),
                chainChange("/withdraw"),
                chain("/senderInfo"),
                chain("/ticketBrokerParams"));
    }

    /** What only a node with a wallet and a chain can do; scripts know this sentence of off-chain nodes. */
    private static Route chain(String path, String... required) {
        return new Route(path, false, List.of(required), form -> CliAnswer.lacking(NO_CHAIN));
    }

    private static Route chainChange(String path, String... required) {
        return set(path, form -> CliAnswer.lacking(NO_CHAIN), required);
    }

    private static Function<Form, CliAnswer> orchestrators(
            NodeAnswers node, String refusal, Function<Form, CliAnswer> answer) {
        return form -> node.roles().orchestrator() ? answer.apply(form) : CliAnswer.wrong(refusal);
    }

    private static CliAnswer maxFaceValue(Form form) {
        return form.value("maxfacevalue").matches("[+-]?\\d{1,100}")
                ? CliAnswer.notYet("a face value does not exist yet; off-chain there are no tickets")
                : CliAnswer.wrong("maxfacevalue not set to number");
    }
}
