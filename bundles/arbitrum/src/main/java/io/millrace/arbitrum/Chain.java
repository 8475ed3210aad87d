package io.millrace.arbitrum;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is asked of a chain, in types. State is asked for at the hash of a block, so that nodes cannot mix blocks. */
final class Chain {

    private static final Bytes NO_HASH = Bytes.wrap(new byte[Keccak256.LENGTH]);

    private final Rpc rpc;

    /**
     * A block. On Arbitrum {@code l1Block} is what contracts see as their block number; elsewhere it is the number.
     *
     * @param seconds since 1970, when it was made
     */
    record Block(
            long number, Bytes hash, Bytes parent, long l1Block, Optional<BigInteger> baseFee, long seconds) {}

    /** What a contract noted in a block; topics and data are words. */
    record Log(Address contract, List<Bytes> topics, String data, long block, Bytes blockHash, Bytes transaction) {

        boolean is(Bytes topic) {
            return !topics.isEmpty() && topics.getFirst().equals(topic);
        }

        /** An address among the topics. */
        Address address(int topic) {
            if (topic >= topics.size()) {
                throw Rpc.undecodable("an event lacks a topic");
            }
            return Abi.address(Abi.hex(topics.get(topic)));
        }
    }

    /** What became of a transaction. */
    record Receipt(
            Bytes transaction,
            Address sender,
            boolean success,
            long block,
            List<Log> logs,
            BigInteger gasUsed,
            BigInteger gasPrice) {

        BigInteger gasCost() {
            return gasUsed.multiply(gasPrice);
        }
    }

    Chain(Rpc rpc) {
        this.rpc = rpc;
    }

    Rpc rpc() {
        return rpc;
    }

    /** Where answers are checked, the newest that two nodes have. */
    Block newest(Deadline deadline) throws RpcError {
        if (rpc.checks()) {
            long number = Long.MAX_VALUE;
            for (JsonValue answer : rpc.both(deadline, "eth_blockNumber")) {
                number = Math.min(number, small(answer));
            }
            return block(number, deadline).orElseThrow(() -> Rpc.undecodable("it has no newest block"));
        }
        return block(rpc.call(deadline, "eth_getBlockByNumber", "latest", false))
                .orElseThrow(() -> Rpc.undecodable("it has no newest block"));
    }

    /** Empty where the chain is not that long. */
    Optional<Block> block(long number, Deadline deadline) throws RpcError {
        Optional<Block> block = block(rpc.checked(deadline, "eth_getBlockByNumber", Json.hex(number), false));
        if (block.isPresent() && block.get().number() != number) {
            throw Rpc.undecodable("it gives another block than it was asked for");
        }
        return block;
    }

    /** What a contract answers in the state after a block. */
    String call(Bytes block, Address contract, String data, Deadline deadline) throws RpcError {
        return text(rpc.checked(
                deadline,
                "eth_call",
                Json.object("to", contract, "data", data),
                Json.object("blockHash", Abi.hex(block))));
    }

    /** The same for what answers one number. */
    BigInteger number(Bytes block, Address contract, Deadline deadline, String function, Object... arguments)
            throws RpcError {
        return Abi.words(call(block, contract, Abi.call(function, arguments), deadline), 1).getFirst();
    }

    boolean hasCode(Address address, Deadline deadline) throws RpcError {
        return text(rpc.call(deadline, "eth_getCode", address, "latest")).length() > 2;
    }

    /** Where a contract is; empty when the Controller does not know it. */
    Optional<Address> contract(Bytes block, Address controller, String name, Deadline deadline) throws RpcError {
        String answer = call(block, controller, Abi.call("getContract", Keccak256.of(Bytes.utf8(name))), deadline);
        return Optional.of(Abi.address(answer)).filter(address -> !address.equals(Address.NONE));
    }

    BigInteger gasPrice(Deadline deadline) throws RpcError {
        return number(rpc.call(deadline, "eth_gasPrice"));
    }

    BigInteger balance(Address account, Deadline deadline) throws RpcError {
        return number(rpc.call(deadline, "eth_getBalance", account, "latest"));
    }

    /** The same in the state after a block. */
    BigInteger balance(Bytes block, Address account, Deadline deadline) throws RpcError {
        return number(rpc.checked(deadline, "eth_getBalance", account, Json.object("blockHash", Abi.hex(block))));
    }

    /** Transactions of an account: in blocks when {@code state} is "latest", also those that wait when "pending". */
    long transactions(Address account, String state, Deadline deadline) throws RpcError {
        return small(rpc.call(deadline, "eth_getTransactionCount", account, state));
    }

    BigInteger estimate(Address from, Address to, String data, BigInteger value, Deadline deadline) throws RpcError {
        JsonObject transaction = Json.object("from", from, "to", to, "data", data, "value", Json.hex(value));
        return number(rpc.call(deadline, "eth_estimateGas", transaction));
    }

    /** Events with one of the topics, of all these contracts, in the order of the chain. */
    List<Log> logs(long from, long to, List<Address> contracts, List<Bytes> topics, Deadline deadline)
            throws RpcError {
        return logs(
                from, to, contracts, Json.array(Json.array(topics.stream().map(Abi::hex).toArray())), deadline);
    }

    /** One event of a contract that has these two addresses among its topics. */
    List<Log> logs(long from, long to, Address contract, Bytes event, Address one, Address other, Deadline deadline)
            throws RpcError {
        return logs(
                from, to, List.of(contract), Json.array(Abi.hex(event), Abi.topic(one), Abi.topic(other)), deadline);
    }

    private List<Log> logs(long from, long to, List<Address> contracts, JsonArray topics, Deadline deadline)
            throws RpcError {
        JsonObject filter = Json.object(
                "fromBlock", Json.hex(from),
                "toBlock", Json.hex(to),
                "address", Json.array(contracts.toArray()),
                "topics", topics);
        List<Log> logs = logs(rpc.checked(deadline, "eth_getLogs", filter));
        if (logs.stream().anyMatch(log -> log.block() < from || log.block() > to)) {
            throw Rpc.undecodable("it gives events of other blocks than it was asked for");
        }
        return logs;
    }

    /** Empty while it is in no block. */
    Optional<Receipt> receipt(Bytes transaction, Deadline deadline) throws RpcError {
        JsonValue answer = rpc.call(deadline, "eth_getTransactionReceipt", Abi.hex(transaction));
        if (answer == JsonValue.NULL) {
            return Optional.empty();
        }
        try {
            JsonObject receipt = Json.object(answer);
            if (!Abi.hash(text(receipt.get("transactionHash"))).equals(transaction)) {
                throw Rpc.undecodable("it gives the receipt of another transaction");
            }
            return Optional.of(new Receipt(
                    transaction,
                    Abi.address(text(receipt.get("from"))),
                    Json.longNumber(receipt.get("status")) == 1,
                    Json.longNumber(receipt.get("blockNumber")),
                    logs(receipt.get("logs")),
                    Json.number(receipt.get("gasUsed")),
                    Json.number(receipt.get("effectiveGasPrice"))));
        } catch (Json.Malformed e) {
            throw Rpc.undecodable(e.getMessage());
        }
    }

    private List<Log> logs(JsonValue answer) {
        JsonArray array = Rpc.array(answer);
        List<Log> logs = new ArrayList<>(array.size());
        try {
            for (JsonValue value : array) {
                JsonObject log = Json.object(value);
                List<Bytes> topics = new ArrayList<>();
                for (JsonValue topic : Rpc.array(log.get("topics"))) {
                    topics.add(Abi.hash(text(topic)));
                }
                logs.add(new Log(
                        Abi.address(text(log.get("address"))),
                        topics,
                        text(log.get("data")),
                        Json.longNumber(log.get("blockNumber")),
                        Abi.hash(text(log.get("blockHash"))),
                        Abi.hash(text(log.get("transactionHash")))));
            }
        } catch (Json.Malformed e) {
            throw Rpc.undecodable(e.getMessage());
        }
        return logs;
    }

    private static Optional<Block> block(JsonValue answer) {
        if (answer == JsonValue.NULL) {
            return Optional.empty();
        }
        try {
            JsonObject block = Json.object(answer);
            long number = Json.longNumber(block.get("number"));
            // A text of hexadecimal digits at Arbitrum's nodes, a JSON number at anvil.
            JsonValue l1 = block.get("l1BlockNumber");
            JsonValue baseFee = block.get("baseFeePerGas");
            Bytes hash = Abi.hash(text(block.get("hash")));
            if (hash.equals(NO_HASH)) {
                throw Rpc.undecodable("a block has no hash");
            }
            return Optional.of(new Block(
                    number,
                    hash,
                    Abi.hash(text(block.get("parentHash"))),
                    l1 == null ? number : Json.longNumber(l1),
                    baseFee == null ? Optional.empty() : Optional.of(Json.number(baseFee)),
                    Json.longNumber(block.get("timestamp"))));
        } catch (Json.Malformed e) {
            throw Rpc.undecodable("of a block, " + e.getMessage());
        }
    }

    static BigInteger number(JsonValue value) {
        try {
            return Json.number(value);
        } catch (Json.Malformed e) {
            throw Rpc.undecodable(e.getMessage());
        }
    }

    private static long small(JsonValue value) {
        try {
            return Json.longNumber(value);
        } catch (Json.Malformed e) {
            throw Rpc.undecodable(e.getMessage());
        }
    }

    static String text(JsonValue value) {
        try {
            return Json.text(value);
        } catch (Json.Malformed e) {
            throw Rpc.undecodable(e.getMessage());
        }
    }

    /** A refusal of what is only read: a node that cannot answer now. */
    static Fault unread(RpcError e) {
        return new Fault(Fault.Consequence.RETRY_HERE, "the chain's node refuses to answer: " + Abi.reason(e), e);
    }
}
