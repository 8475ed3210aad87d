package io.millrace.itests.process;

import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.parsson.JsonProviderImpl;

/** A node of the role devnet, whose chain makes blocks for transactions and when the test says so. */
final class LocalNetwork implements AutoCloseable {

    /** keccak256 of {@code WinningTicketTransfer(address,address,uint256)}. */
    private static final String TRANSFER = "0x8b87351a208c06e3ceee59d80725fd77a23b4129e1b51ca231fc89b40712649c";

    private final Web web = new Web();
    private final NodeProcess node;
    private final JsonObject state;

    /** Starts it with one orchestrator that is registered and two gateways that have funds. */
    LocalNetwork(Path data) {
        node = NodeProcess.run(
                        Distribution.GPL,
                        data,
                        "devnet",
                        "io.millrace.arbitrum.devnet.port=0",
                        "io.millrace.arbitrum.devnet.blockSeconds=0",
                        "io.millrace.arbitrum.devnet.gateways=2",
                        "io.millrace.arbitrum.devnet.orchestrators=https://127.0.0.1:8935")
                .awaitReady();
        try (InputStream in = Files.newInputStream(data.resolve("devnet/devnet.json"));
                JsonReader reader = new JsonProviderImpl().createReader(in)) {
            state = reader.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Settings of a node with the first account of this side. */
    String[] settings(String side) {
        return settings(side, 0);
    }

    /** The address of an account. */
    String address(String side, int place) {
        return state.getJsonArray(side).getJsonObject(place).getString("address");
    }

    /** Settings of a node with the account of this place. */
    String[] settings(String side, int place) {
        return new String[] {
            "io.millrace.arbitrum.urls=" + state.getString("url"),
            "io.millrace.arbitrum.controller=" + state.getString("controller"),
            "io.millrace.arbitrum.pollSeconds=1",
            "io.millrace.wallet.keystore=" + state.getJsonArray(side).getJsonObject(place).getString("keystore")
        };
    }

    /** A gateway with the first account of its side, which buys from this orchestrator. */
    NodeProcess gateway(Path data, NodeProcess orchestrator, String... more) {
        List<String> settings = new ArrayList<>(List.of(settings("gateways")));
        settings.addAll(List.of(
                "io.millrace.kernel.gateway.orchestrators=" + orchestrator.address("service"),
                "io.millrace.kernel.gateway.maxPricePerUnit=500000000",
                "io.millrace.kernel.payer.maxTicketValue=300000000000000",
                "io.millrace.kernel.payer.maxPaymentValue=10000000000000000"));
        settings.addAll(List.of(more));
        return NodeProcess.run(Distribution.GPL, data, "gateway-onchain", settings.toArray(String[]::new))
                .awaitReady();
    }

    /** What a node says that it earned, paid and waits for. */
    JsonObject money(NodeProcess node) {
        return object(web.send(HttpRequest.newBuilder(node.address("admin").resolve("/api/money"))
                .timeout(Await.PATIENCE)
                .build()));
    }

    private static JsonObject object(HttpResponse<byte[]> answer) {
        try (JsonReader reader = new JsonProviderImpl()
                .createReader(new StringReader(new String(answer.body(), StandardCharsets.UTF_8)))) {
            return reader.readObject();
        }
    }

    /** Makes so many blocks. */
    void mine(int blocks) {
        call("anvil_mine", "\"0x" + Integer.toHexString(blocks) + "\"");
    }

    /** Puts a contract at an address, instead of the one that is there. */
    void install(String address, String code) {
        call("anvil_setCode", "\"" + address + "\",\"" + code + "\"");
        mine(1);
    }

    /** When the newest block was made, in seconds since 1970. */
    long seconds() {
        return Long.decode(call("eth_getBlockByNumber", "\"latest\",false")
                .getJsonObject("result")
                .getString("timestamp"));
    }

    /** What the contract has paid for winning tickets, by its events. */
    BigInteger transferred() {
        return call("eth_getLogs", "{\"fromBlock\":\"0x0\",\"toBlock\":\"latest\",\"address\":\""
                        + state.getString("ticketBroker") + "\",\"topics\":[\"" + TRANSFER + "\"]}")
                .getJsonArray("result")
                .getValuesAs(JsonObject.class)
                .stream()
                .map(log -> new BigInteger(log.getString("data").substring(2), 16))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private JsonObject call(String method, String parameter) {
        JsonObject object = object(web.send(HttpRequest.newBuilder(URI.create(state.getString("url")))
                .header("Content-Type", "application/json")
                .timeout(Await.PATIENCE)
                .POST(BodyPublishers.ofString("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method
                        + "\",\"params\":[" + parameter + "]}"))
                .build()));
        if (object.containsKey("error")) {
            throw new AssertionError(method + ": " + object.get("error"));
        }
        return object;
    }

    @Override
    public void close() {
        node.close();
    }
}
