package io.millrace.ops.cli;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.ChainAccount.Delegation;
import io.millrace.api.payment.ChainAccount.OrchestratorState;
import io.millrace.api.payment.ChainAccount.Protocol;
import io.millrace.api.payment.ChainAccount.UnbondingLock;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers what the node's account has and is on the chain, and the rules of the network, in that node's fields. */
final class ChainReads {

    /** Scripts know this sentence of nodes that are off-chain. */
    static final String NO_CHAIN = "missing ETH client";

    private static final Duration READ = Duration.ofSeconds(30);
    private static final Duration POOL = Duration.ofSeconds(60);

    /** What that node always says of contracts, whether there are any. */
    private static final List<String> CONTRACTS = List.of(
            "BondingManager",
            "Controller",
            "LivepeerToken",
            "LivepeerTokenFaucet",
            "Minter",
            "RoundsManager",
            "TicketBroker");

    private final Supplier<Optional<ChainAccount>> accounts;
    private final Prices prices;
    private final InstantSource clock;

    ChainReads(Supplier<Optional<ChainAccount>> accounts, Prices prices, InstantSource clock) {
        this.accounts = accounts;
        this.prices = prices;
        this.clock = clock;
    }

    /** Off-chain the chain of that node is the one with the number 0. */
    CliAnswer chainId() {
        return account().isEmpty()
                ? CliAnswer.text("0")
                : network("Error getting eth network ID err=", rules -> CliAnswer.text(rules.chainId().toString()));
    }

    /** The number's bytes; off-chain the last block is none. */
    CliAnswer currentBlock() {
        return account().isEmpty()
                ? CliAnswer.done()
                : network("could not query last seen block: ", rules -> CliAnswer.bytes(number(rules.block())));
    }

    CliAnswer currentRound() {
        return network("could not query current round: ", rules -> CliAnswer.text(rules.round().toString()));
    }

    CliAnswer roundInitialized() {
        return network(
                "could not get initialized round: ", rules -> CliAnswer.text(Boolean.toString(rules.roundInitialized())));
    }

    CliAnswer protocolParameters() {
        return network("", rules -> CliAnswer.json(fields(
                "NumActiveTranscoders", rules.poolMaxSize(),
                "RoundLength", rules.roundLength(),
                "RoundLockAmount", rules.roundLock(),
                "UnbondingPeriod", rules.unbondingPeriod(),
                "VerificationRate", 0,
                "VerificationPeriod", null,
                "SlashingPeriod", null,
                "FailedVerificationSlashAmount", null,
                "MissedVerificationSlashAmount", null,
                "DoubleClaimSegmentSlashAmount", null,
                "FinderFee", null,
                "Inflation", rules.inflation(),
                "InflationChange", rules.inflationChange(),
                "TargetBondingRate", rules.targetBondingRate(),
                "VerificationCodeHash", "",
                "TotalBonded", rules.totalBonded(),
                "TotalSupply", rules.totalSupply(),
                "Paused", rules.paused())));
    }

    CliAnswer contractAddresses() {
        return network("", rules -> {
            Map<String, Object> contracts = new TreeMap<>();
            CONTRACTS.forEach(name -> contracts.put(name, rules.contracts().getOrDefault(name, Address.NONE)));
            return CliAnswer.json(contracts);
        });
    }

    CliAnswer ticketBrokerParams() {
        return network(
                "could not query TicketBroker unlockPeriod: ",
                rules -> CliAnswer.json(fields("UnlockPeriod", rules.unlockPeriod())));
    }

    CliAnswer ethAddr() {
        return asking("", account -> CliAnswer.text(account.address().checksummed()));
    }

    CliAnswer tokenBalance() {
        return state("", state -> CliAnswer.text(state.tokens().toString()));
    }

    CliAnswer ethBalance() {
        return state("", state -> CliAnswer.text(state.balance().amount().toString()));
    }

    CliAnswer senderInfo() {
        return state("could not query sender info: ", state -> {
            SenderFunds funds = state.funds();
            return CliAnswer.json(fields(
                    "Deposit", funds.deposit().amount(),
                    "WithdrawRound", funds.withdrawRound(),
                    "Reserve", fields(
                            "FundsRemaining", funds.reserve().amount(),
                            "ClaimedInCurrentRound", funds.claimedInRound().amount())));
        });
    }

    CliAnswer delegatorInfo() {
        return state("", state -> {
            Delegation delegation = state.delegation();
            return CliAnswer.json(fields(
                    "Address", state.orchestrator().address(),
                    "BondedAmount", delegation.bonded(),
                    "Fees", delegation.fees().amount(),
                    "DelegateAddress", delegation.delegate(),
                    "DelegatedAmount", delegation.delegated(),
                    "StartRound", delegation.startRound(),
                    "LastClaimRound", delegation.lastClaimRound(),
                    "NextUnbondingLockId", delegation.nextLock(),
                    "PendingStake", delegation.pendingStake(),
                    "PendingFees", delegation.pendingFees().amount(),
                    "Status", switch (delegation.phase()) {
                        case PENDING -> "Pending";
                        case BONDED -> "Bonded";
                        case UNBONDED -> "Unbonded";
                    }));
        });
    }

    CliAnswer unbondingLocks(Form form) {
        boolean withdrawable = List.of("1", "t", "T", "TRUE", "true", "True").contains(form.value("withdrawable"));
        return asking("", account -> {
            BigInteger round = withdrawable ? account.protocol(in(READ)).round() : null;
            List<Object> locks = new ArrayList<>();
            for (UnbondingLock lock : account.read(in(READ)).locks()) {
                if (round == null || lock.withdrawRound().compareTo(round) <= 0) {
                    locks.add(fields(
                            "ID", lock.number(),
                            "Delegator", account.address(),
                            "Amount", lock.amount(),
                            "WithdrawRound", lock.withdrawRound()));
                }
            }
            return CliAnswer.json(locks);
        });
    }

    /** That node keeps why it failed to itself. */
    CliAnswer orchestratorInfo() {
        CliAnswer answer = state("", state -> CliAnswer.json(fields(
                "Transcoder", orchestrator(state.orchestrator(), null),
                "PriceInfo", prices.ofEverybody())));
        return answer.status() == 500 && account().isPresent() ? CliAnswer.lacking("could not get transcoder") : answer;
    }

    /** Prices are asked of orchestrators by sessions only, so that all are 0 as those that node has not asked yet. */
    CliAnswer registeredOrchestrators() {
        return asking("", account -> {
            List<Object> pool = new ArrayList<>();
            account.pool(in(POOL)).forEach(orchestrator -> pool.add(orchestrator(orchestrator, "0")));
            return CliAnswer.json(pool.isEmpty() ? null : pool);
        });
    }

    /** There is no limit, which that node says by an empty answer. */
    CliAnswer maxGasPrice() {
        return asking("", account -> CliAnswer.done());
    }

    CliAnswer minGasPrice() {
        return asking("", account -> CliAnswer.text("0"));
    }

    /** What that node does and this one does not yet, where there is a chain. */
    CliAnswer notYet(String sentence) {
        return asking("", account -> CliAnswer.notYet(sentence));
    }

    private static Map<String, Object> orchestrator(OrchestratorState state, String price) {
        return fields(
                "Address", state.address(),
                "ServiceURI", state.serviceUri(),
                "LastRewardRound", state.lastRewardRound(),
                "RewardCut", state.rewardCut(),
                "FeeShare", state.feeShare(),
                "DelegatedStake", state.stake(),
                "ActivationRound", state.activationRound(),
                "DeactivationRound", state.deactivationRound(),
                "LastActiveStakeUpdateRound", state.stakeRound(),
                "Active", state.active(),
                "Status", state.registered() ? "Registered" : "Not Registered",
                "PricePerPixel", price);
    }

    private CliAnswer network(String failed, Function<Protocol, CliAnswer> answer) {
        return asking(failed, account -> answer.apply(account.protocol(in(READ))));
    }

    private CliAnswer state(String failed, Function<ChainAccount.State, CliAnswer> answer) {
        return asking(failed, account -> answer.apply(account.read(in(READ))));
    }

    /** Asks the chain; when that fails, says so after these words. */
    CliAnswer asking(String failed, Function<ChainAccount, CliAnswer> question) {
        Optional<ChainAccount> account = account();
        if (account.isEmpty()) {
            return CliAnswer.lacking(NO_CHAIN);
        }
        try {
            return question.apply(account.get());
        } catch (Fault e) {
            return CliAnswer.lacking(failed + e.getMessage());
        }
    }

    private Optional<ChainAccount> account() {
        return accounts.get().filter(account -> !account.address().equals(Address.NONE));
    }

    Deadline in(Duration time) {
        return Deadline.in(time, clock);
    }

    private static Bytes number(long number) {
        byte[] bytes = BigInteger.valueOf(number).toByteArray();
        return Bytes.hex(Bytes.wrap(bytes).hex().replaceFirst("^(00)+", ""));
    }

    private static Map<String, Object> fields(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
