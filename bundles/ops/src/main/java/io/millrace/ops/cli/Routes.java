package io.millrace.ops.cli;

import static io.millrace.ops.cli.Route.get;
import static io.millrace.ops.cli.Route.set;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The one table: every request of go-livepeer's CLI API, and what answers it here. */
final class Routes {

    private static final String NO_GAS_LIMIT =
            "there are no limits of the price of gas yet: transactions offer what the chain's node recommends";

    private Routes() {}

    static List<Route> of(
            NodeAnswers node,
            BroadcastConfig broadcast,
            Prices prices,
            MaxFaceValue faceValue,
            MaxSessions sessions,
            LogLevel log,
            ChainReads chain,
            ChainChanges changes) {
        return List.of(
                get("/status", form -> node.status()),
                get("/streamID", form -> node.latestStream()),
                get("/manifestID", form -> node.latestManifest()),
                get("/localStreams", form -> CliAnswer.json(List.of())),
                get("/IsOrchestrator", form -> node.isOrchestrator()),
                get("/IsRedeemer", form -> node.isRedeemer()),
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
                        faceValue::set), "maxfacevalue"),

                set("/setMaxPriceForCapability", form -> node.roles().gateway()
                        ? prices.setMaxForCapability(form)
                        : CliAnswer.wrong("Node must be gateway node to set max price per capability"),
                        "maxPricePerUnit", "pixelsPerUnit", "currency", "pipeline", "modelID"),
                get("/getAISessionPoolsInfo", form -> CliAnswer.json(Map.of())),
                get("/getNetworkCapabilities", form -> node.roles().gateway()
                        ? CliAnswer.lacking("network capabilities not available")
                        : CliAnswer.wrong("Node must be gateway node to get network capabilities")),
                get("/registerLiveRunners", form -> form.posted()
                        ? CliAnswer.problem(404, "live runners are not supported")
                        : CliAnswer.problem(405, "Method not allowed")),

                get("/EthChainID", form -> chain.chainId()),
                get("/currentBlock", form -> chain.currentBlock()),
                get("/orchestratorInfo", form -> chain.orchestratorInfo()),
                get("/currentRound", form -> chain.currentRound()),
                set("/initializeRound", form -> changes.initializeRound()),
                get("/roundInitialized", form -> chain.roundInitialized()),
                set("/activateOrchestrator", changes::activateOrchestrator, "blockRewardCut", "feeShare",
                        "pricePerUnit", "pixelsPerUnit", "serviceURI"),
                set("/setOrchestratorConfig", changes::setOrchestratorConfig),
                set("/bond", changes::bond, "amount", "toAddr"),
                set("/rebond", changes::rebond, "unbondingLockId"),
                set("/unbond", changes::unbond, "amount"),
                set("/withdrawStake", changes::withdrawStake, "unbondingLockId"),
                get("/unbondingLocks", chain::unbondingLocks),
                set("/withdrawFees", changes::withdrawFees),
                set("/claimEarnings", form -> chain.notYet("earnings need not be claimed any more: they are counted in"
                        + " with every change of the stake; /withdrawFees takes the fees")),
                get("/delegatorInfo", form -> chain.delegatorInfo()),
                get("/orchestratorEarningPoolsForRound", form -> chain.notYet(
                        "earnings of a round are not shown yet; /delegatorInfo shows what can be withdrawn")),
                get("/registeredOrchestrators", form -> chain.registeredOrchestrators()),
                // livepeer_cli sends it with GET (wizard_transcoder.go), which changes nothing here.
                set("/reward", form -> changes.reward()),
                get("/protocolParameters", form -> chain.protocolParameters()),
                get("/contractAddresses", form -> chain.contractAddresses()),
                get("/ethAddr", form -> chain.ethAddr()),
                get("/tokenBalance", form -> chain.tokenBalance()),
                get("/ethBalance", form -> chain.ethBalance()),
                set("/transferTokens", changes::transferTokens, "to", "amount"),
                set("/requestTokens", form -> chain.notYet("faucets of test networks are not asked")),
                set("/signMessage", changes::signMessage, "message"),
                set("/vote", form -> chain.notYet("votes are not cast yet"), "poll", "choiceID"),
                set("/voteOnProposal", form -> chain.notYet("votes are not cast yet"), "proposalID", "support"),
                set("/setMaxGasPrice", form -> chain.notYet(NO_GAS_LIMIT), "amount"),
                set("/setMinGasPrice", form -> chain.notYet(NO_GAS_LIMIT), "minGasPrice"),
                get("/maxGasPrice", form -> chain.maxGasPrice()),
                get("/minGasPrice", form -> chain.minGasPrice()),
                set("/fundDepositAndReserve", changes::fundDepositAndReserve, "depositAmount", "reserveAmount"),
                set("/fundDeposit", changes::fundDeposit, "amount"),
                set("/unlock", form -> changes.unlock()),
                set("/cancelUnlock", form -> changes.cancelUnlock()),
                set("/withdraw", form -> changes.withdraw()),
                get("/senderInfo", form -> chain.senderInfo()),
                get("/ticketBrokerParams", form -> chain.ticketBrokerParams()));
    }

    private static Function<Form, CliAnswer> orchestrators(
            NodeAnswers node, String refusal, Function<Form, CliAnswer> answer) {
        return form -> node.roles().orchestrator() ? answer.apply(form) : CliAnswer.wrong(refusal);
    }
}
