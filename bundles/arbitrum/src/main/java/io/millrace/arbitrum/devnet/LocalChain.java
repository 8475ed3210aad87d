package io.millrace.arbitrum.devnet;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.Abi;
import io.millrace.arbitrum.Json;
import io.millrace.arbitrum.Rpc;
import io.millrace.arbitrum.RpcError;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.web3j.abi.datatypes.generated.Uint64;

/**
 * A chain of this machine with Livepeer's contracts: a process of anvil on loopback. Transactions are sent from the
 * accounts of the public test mnemonic, which anvil signs for; each is in a block at once. Thread-safe, as far as what
 * is done at the same time makes sense.
 */
public final class LocalChain implements AutoCloseable {

    /** Accounts that have 10,000 ETH; the first one owns the contracts. */
    public static final int ACCOUNTS = 20;

    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration CALL = Duration.ofSeconds(60);
    private static final Duration RECEIPT_POLL = Duration.ofMillis(2);
    private static final long MAX_FEE = 10_000_000_000L;
    private static final Address DATA_CACHE = new Address(Bytes.hex("00".repeat(19) + "99"));

    /** Answers a word of zeroes to everything: PUSH1 0, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN. */
    private static final String ZERO_ANSWER = "0x60006000526020" + "6000f3";

    private final Process process;
    private final Thread hook;
    private final URI url;
    private final Rpc rpc;
    private final Options options;
    private final InstantSource clock = InstantSource.system();
    private final Map<String, Address> contracts = new LinkedHashMap<>();

    /**
     * What kind of chain.
     *
     * @param port 0 for any that is free
     * @param chainId with 42161 its blocks have an {@code l1BlockNumber}, as Arbitrum's have
     * @param blockSeconds a block is made so often; 0 for transactions and {@link #mine} only
     * @param roundLength blocks of a round, 100 or more: the deployment takes about 40
     */
    public record Options(int port, long chainId, int blockSeconds, int roundLength) {

        /** For tests: a block for each transaction. */
        public static final Options TEST = new Options(0, 31337, 0, 100);
    }

    /** What a transaction has come to. */
    public record Receipt(Bytes transaction, long block, BigInteger gasUsed) {}

    private LocalChain(Process process, URI url, Options options) {
        this.process = process;
        this.url = url;
        this.options = options;
        this.rpc = new Rpc(new Rpc.Settings(List.of(url), options.chainId(), CALL, false), clock);
        // anvil outlives a process that does not end it
        hook = Thread.ofPlatform().unstarted(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts one and deploys the contracts. Round 1 is initialized, nobody is registered, nobody has funds.
     *
     * @throws IOException when it does not start
     */
    public static LocalChain start(DevnetTools tools, Options options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                tools.anvil().toString(),
                "--host", "127.0.0.1",
                "--port", String.valueOf(options.port()),
                "--chain-id", String.valueOf(options.chainId()),
                "--accounts", String.valueOf(ACCOUNTS),
                // as on Arbitrum: gas is cheap, and there are no tips
                "--block-base-fee-per-gas", "10000000",
                "--disable-min-priority-fee"));
        if (options.blockSeconds() > 0) {
            command.addAll(List.of("--block-time", String.valueOf(options.blockSeconds()), "--mixed-mining"));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        LocalChain chain = null;
        try {
            process.getOutputStream().close();
            chain = new LocalChain(process, URI.create("http://" + listening(process)), options);
            chain.deploy(tools);
            return chain;
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            if (chain != null) {
                chain.close();
            }
            throw e;
        }
    }

    /** Reads the address that it writes, and goes on reading, so that it never waits for its output to be read. */
    private static String listening(Process process) throws IOException, InterruptedException {
        CompletableFuture<String> address = new CompletableFuture<>();
        Thread.ofVirtual().name("anvil-output").start(() -> {
            String last = "";
            try (BufferedReader reader = process.inputReader()) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    last = line.isBlank() ? last : line;
                    if (line.startsWith("Listening on ")) {
                        address.complete(line.substring("Listening on ".length()).strip());
                    }
                }
            } catch (IOException e) {
                last = e.toString();
            }
            address.completeExceptionally(new IOException("anvil ended: " + last));
        });
        try {
            return address.get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("anvil does not listen within " + START.toSeconds() + " seconds", e);
        }
    }

    /** The order matters: a contract asks the Controller for those that it works with. */
    private void deploy(DevnetTools tools) throws IOException {
        Address owner = DevAccount.of(0).address();
        Address controller = create(owner, bytecode(tools, "Controller.sol/Controller.json"), "");
        contracts.put("Controller", controller);
        // inflation, its change and the target bonding rate of the main network, of 10^9
        register(owner, "Minter", create(owner, bytecode(tools, "token/Minter.sol/Minter.json"),
                Abi.constructor(controller, 220_500, 500, 500_000_000)));
        register(owner, "LivepeerToken",
                create(owner, bytecode(tools, "token/LivepeerToken.sol/LivepeerToken.json"), ""));
        proxied(owner, tools, "TicketBroker", bytecode(tools, "pm/TicketBroker.sol/TicketBroker.json"));
        register(owner, "JobsManager", contract("TicketBroker"));
        Address library = create(owner, bytecode(tools, "libraries/SortedDoublyLL.sol/SortedDoublyLL.json"), "");
        proxied(owner, tools, "BondingManager",
                linked(bytecode(tools, "bonding/BondingManager.sol/BondingManager.json"), library));
        proxied(owner, tools, "RoundsManager", bytecode(tools, "rounds/RoundsManager.sol/RoundsManager.json"));
        proxied(owner, tools, "ServiceRegistry", bytecode(tools, "ServiceRegistry.sol/ServiceRegistry.json"));
        rpc("anvil_setCode", DATA_CACHE, ZERO_ANSWER);
        register(owner, "L2LPTDataCache", DATA_CACHE);

        Address bonding = contract("BondingManager");
        send(owner, bonding, Abi.call("setUnbondingPeriod", new Uint64(BigInteger.valueOf(7))));
        send(owner, bonding, Abi.call("setNumActiveTranscoders", 100));
        send(owner, contract("RoundsManager"), Abi.call("setRoundLength", options.roundLength()));
        send(owner, contract("RoundsManager"), Abi.call("setRoundLockAmount", 100_000));
        send(owner, contract("TicketBroker"), Abi.call("setUnlockPeriod", 2));
        send(owner, contract("TicketBroker"), Abi.call("setTicketValidityPeriod", 2));
        Address token = contract("LivepeerToken");
        Bytes minter = Keccak256.of(Bytes.utf8("MINTER_ROLE"));
        send(owner, token, Abi.call("grantRole", minter, owner));
        send(owner, token, Abi.call("mint", owner, lpt(10_000_000)));
        send(owner, token, Abi.call("grantRole", minter, contract("Minter")));
        send(owner, controller, Abi.call("unpause"));
        nextRound();
    }

    private void proxied(Address owner, DevnetTools tools, String name, String bytecode) throws IOException {
        Address controller = contract("Controller");
        register(owner, name + "Target", create(owner, bytecode, Abi.constructor(controller)));
        register(owner, name, create(owner, bytecode(tools, "ManagerProxy.sol/ManagerProxy.json"),
                Abi.constructor(controller, id(name + "Target"))));
    }

    private void register(Address owner, String name, Address address) {
        // the last argument is the version that the contract was made of
        Bytes version = Bytes.wrap(new byte[Address.LENGTH]);
        send(owner, contract("Controller"), Abi.call("setContractInfo", id(name), address, version));
        contracts.put(name, address);
    }

    private static Bytes id(String name) {
        return Keccak256.of(Bytes.utf8(name));
    }

    private static String bytecode(DevnetTools tools, String path) throws IOException {
        try {
            return Json.text(Json.object(Json.parse(tools.artifact(path))).get("bytecode"));
        } catch (Json.Malformed e) {
            throw new IOException(path + " of the contracts' package cannot be read: " + e.getMessage(), e);
        }
    }

    /** The bytecode has marks where the address of the library belongs. */
    private static String linked(String bytecode, Address library) {
        return bytecode.replaceAll("__\\$[0-9a-fA-F]{34}\\$__", library.bytes().hex());
    }

    private Address create(Address from, String bytecode, String arguments) {
        return Abi.address(text(receipt(from, Json.object("data", bytecode + arguments))
                .get("contractAddress")));
    }

    /** So many whole LPT, in their smallest unit. */
    public static BigInteger lpt(long amount) {
        return BigInteger.TEN.pow(18).multiply(BigInteger.valueOf(amount));
    }

    /** Where it listens: http on loopback. */
    public URI url() {
        return url;
    }

    /** The chain's id. */
    public long chainId() {
        return options.chainId();
    }

    /** The contract that knows the others. */
    public Address controller() {
        return contract("Controller");
    }

    /** A contract by the name that it has at the Controller. */
    public Address contract(String name) {
        return Optional.ofNullable(contracts.get(name))
                .orElseThrow(() -> new IllegalArgumentException("there is no contract " + name));
    }

    /**
     * Registers an orchestrator with a stake of its own; it is active from the next round on.
     *
     * @param stake in the smallest unit of LPT, which it gets first
     * @param rewardCut of a million, what it keeps of rewards
     * @param feeShare of a million, what it gives away of fees
     */
    public void register(
            DevAccount orchestrator, BigInteger stake, int rewardCut, int feeShare, URI serviceUri) {
        Address self = orchestrator.address();
        send(DevAccount.of(0).address(), contract("LivepeerToken"), Abi.call("transfer", self, stake));
        send(self, contract("LivepeerToken"), Abi.call("approve", contract("BondingManager"), stake));
        send(self, contract("BondingManager"), Abi.call("bond", stake, self));
        send(self, contract("BondingManager"), Abi.call("transcoder", rewardCut, feeShare));
        send(self, contract("ServiceRegistry"), Abi.call("setServiceURI", serviceUri.toString()));
    }

    /** Adds to what a gateway has set aside. */
    public void fund(DevAccount gateway, Wei deposit, Wei reserve) {
        send(
                gateway.address(),
                contract("TicketBroker"),
                Abi.call("fundDepositAndReserve", deposit.amount(), reserve.amount()),
                deposit.plus(reserve));
    }

    /** Begins to unlock what a gateway has set aside. */
    public void unlock(DevAccount gateway) {
        send(gateway.address(), contract("TicketBroker"), Abi.call("unlock"));
    }

    /** Makes so many blocks. */
    public void mine(int blocks) {
        rpc("anvil_mine", Json.hex(blocks));
    }

    /** Makes blocks until the current round has ended, and initializes the next one. */
    public void nextRound() {
        long end = number("RoundsManager", "currentRoundStartBlock").longValueExact() + options.roundLength();
        mine(Math.toIntExact(Math.max(0, end - block())));
        initializeRound();
    }

    /** Initializes the round of the newest block, unless it is; tells whether it did. */
    public boolean initializeRound() {
        if (number("RoundsManager", "currentRoundInitialized").signum() != 0) {
            return false;
        }
        send(DevAccount.of(0).address(), contract("RoundsManager"), Abi.call("initializeRound"));
        return true;
    }

    /** The last round that was initialized. */
    public long round() {
        return number("RoundsManager", "lastInitializedRound").longValueExact();
    }

    /** Number of the newest block. */
    public long block() {
        return small(rpc("eth_blockNumber"));
    }

    /** What an account holds itself. */
    public Wei balance(Address account) {
        try {
            return new Wei(Json.number(rpc("eth_getBalance", account, "latest")));
        } catch (Json.Malformed e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a contract answers, where that is one number. */
    public BigInteger number(String contract, String function, Object... arguments) {
        JsonObject call = Json.object("to", contract(contract), "data", Abi.call(function, arguments));
        return Abi.words(text(rpc("eth_call", call, "latest")), 1).getFirst();
    }

    /** Sends a transaction that calls a contract, from an account of the mnemonic, and waits for its block. */
    public Receipt send(Address from, Address to, String data) {
        return send(from, to, data, Wei.ZERO);
    }

    /** The same with a payment. */
    public Receipt send(Address from, Address to, String data, Wei value) {
        JsonObject receipt =
                receipt(from, Json.object("to", to, "data", data, "value", Json.hex(value.amount())));
        try {
            return new Receipt(
                    Abi.hash(text(receipt.get("transactionHash"))),
                    small(receipt.get("blockNumber")),
                    Json.number(receipt.get("gasUsed")));
        } catch (Json.Malformed e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonObject receipt(Address from, JsonObject what) {
        JsonObject transaction = Json.with(
                what, "from", from, "maxFeePerGas", Json.hex(MAX_FEE), "maxPriorityFeePerGas", Json.hex(0));
        JsonValue hash = rpc("eth_sendTransaction", transaction);
        Deadline deadline = Deadline.in(CALL, clock);
        while (!deadline.expired(clock)) {
            if (rpc("eth_getTransactionReceipt", hash) instanceof JsonObject receipt) {
                if (small(receipt.get("status")) == 1) {
                    return receipt;
                }
                throw new IllegalStateException("a transaction from " + from + " failed: " + hash);
            }
            // the block is made a moment after the transaction was taken
            LockSupport.parkNanos(RECEIPT_POLL.toNanos());
        }
        throw new IllegalStateException("a transaction from " + from + " is in no block: " + hash);
    }

    /** A method of anvil's RPC. */
    public JsonValue rpc(String method, Object... params) {
        try {
            return rpc.call(Deadline.in(CALL, clock), method, params);
        } catch (RpcError e) {
            throw new Fault(Fault.Consequence.GIVE_UP, method + " of the local chain: " + Abi.reason(e), e);
        }
    }

    private static String text(JsonValue value) {
        try {
            return Json.text(value);
        } catch (Json.Malformed e) {
            throw new IllegalStateException(e);
        }
    }

    private static long small(JsonValue value) {
        try {
            return Json.longNumber(value);
        } catch (Json.Malformed e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the process; nothing of the chain is left. */
    @Override
    public void close() {
        rpc.close();
        process.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process ends anyway
        }
    }
}
