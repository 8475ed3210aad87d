package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes of a chain that are slow, wrong, or lie. */
class RpcTest {

    private static final String HASH = "0x" + "ab".repeat(32);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
    }

    /** A node of chain 7 that gives the result of a method; what begins with "{" is the whole answer. */
    private URI node(UnaryOperator<String> results) {
        return node(7, results);
    }

    private URI node(long chainId, UnaryOperator<String> results) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                String answer;
                try {
                    JsonObject request = Json.object(Json.parse(text));
                    String method = request.getString("method");
                    String result = method.equals("eth_chainId") ? "\"" + Json.hex(chainId) + "\"" : results.apply(method);
                    answer = result.matches("(?s)(<|\\{(}|\"id|\"jsonrpc)).*")
                            ? result
                            : "{\"jsonrpc\":\"2.0\",\"id\":" + request.getInt("id") + ",\"result\":" + result + "}";
                } catch (Json.Malformed e) {
                    answer = e.getMessage();
                }
                byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            server.start();
            open.add(() -> server.stop(0));
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Rpc rpc(boolean crossCheck, URI... urls) {
        return rpc(Duration.ofSeconds(15), crossCheck, urls);
    }

    private Rpc rpc(Duration timeout, boolean crossCheck, URI... urls) {
        Rpc rpc = new Rpc(new Rpc.Settings(List.of(urls), 7, timeout, crossCheck), InstantSource.system());
        open.add(rpc);
        return rpc;
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(40), InstantSource.system());
    }

    private static String gasPrice(Rpc rpc) throws RpcError {
        return Chain.text(rpc.call(soon(), "eth_gasPrice"));
    }

    private static Fault fault(Rpc rpc) {
        return assertThrows(Fault.class, () -> gasPrice(rpc));
    }

    @Test
    void anAnswerIsTheResult() throws Exception {
        assertEquals("0x5", gasPrice(rpc(false, node(method -> "\"0x5\""))));
    }

    @Test
    void aNodeOfAnotherChainIsNotUsed() throws Exception {
        URI other = node(8, method -> "\"0x6\"");
        Fault fault = fault(rpc(false, other));
        assertTrue(fault.getMessage().contains("is a node of chain 8, not of 7"), fault.getMessage());
        assertEquals("0x5", gasPrice(rpc(false, other, node(method -> "\"0x5\""))));
    }

    @Test
    void whatIsNoAnswerIsNotBelieved() {
        assertTrue(fault("<html>").getMessage().contains("not JSON"));
        assertTrue(fault("{\"id\":-5,\"result\":\"0x1\"}").getMessage().contains("another question"));
        assertTrue(fault("{}").getMessage().contains("another question"));
        assertThrows(Fault.class, () -> chain("\"0xzz\"").gasPrice(soon()));
        assertThrows(Fault.class, () -> chain("\"0x" + "f".repeat(65) + "\"").gasPrice(soon()));
        assertThrows(Fault.class, () -> chain("\"0x-1\"").transactions(Address.NONE, "latest", soon()));
        assertThrows(Fault.class, () -> chain("[1]").newest(soon()));
    }

    private Fault fault(String answer) {
        return fault(rpc(false, node(method -> answer)));
    }

    private Chain chain(String answer) {
        return new Chain(rpc(false, node(method -> answer)));
    }

    @Test
    void anAnswerThatIsTooLongIsNotRead() {
        String endless = "\"" + "a".repeat(Rpc.MAX_ANSWER) + "\"";
        RpcError error = assertThrows(RpcError.class, () -> gasPrice(rpc(false, node(method -> endless))));
        assertTrue(error.getMessage().contains("longer than"), error.getMessage());
    }

    @Test
    void aNodeThatDoesNotAnswerIsLeftAfterItsTimeAndThenAskedLast() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        open.add(never::countDown);
        URI slow = node(method -> {
            asked.incrementAndGet();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "\"0x1\"";
        });
        Rpc rpc = rpc(Duration.ofSeconds(3), false, slow, node(method -> "\"0x5\""));
        assertEquals("0x5", gasPrice(rpc));
        assertEquals("0x5", gasPrice(rpc));
        assertEquals(1, asked.get());
    }

    @Test
    void aRefusalOfAContractIsNotAskedOfOthers() {
        URI reverts = node(method -> "{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":"
                + "{\"code\":3,\"message\":\"execution reverted: ticket is used\"}}");
        URI other = node(method -> {
            asked.incrementAndGet();
            return "\"0x5\"";
        });
        RpcError error = assertThrows(RpcError.class, () -> gasPrice(rpc(false, reverts, other)));
        assertEquals("ticket is used", Abi.reason(error));
        assertEquals(0, asked.get());
    }

    @Test
    void whereAnswersAreCheckedTwoMustAgree() throws Exception {
        URI five = node(method -> "\"0x5\"");
        URI six = node(method -> "\"0x6\"");
        Rpc differ = rpc(true, five, six);
        assertTrue(assertThrows(Fault.class, () -> differ.checked(soon(), "eth_call")).getMessage().contains("differently"));
        assertEquals("0x5", Chain.text(rpc(true, five, node(method -> "\"0x5\"")).checked(soon(), "eth_call")));
        Fault alone = assertThrows(
                Fault.class, () -> rpc(true, five, node(8, method -> "\"0x5\"")).checked(soon(), "eth_call"));
        assertTrue(alone.getMessage().contains("checked across two"), alone.getMessage());
        assertThrows(IllegalArgumentException.class, () -> rpc(true, five));
    }

    @Test
    void noMessageShowsAKeyOfAnAddress() {
        URI dead = URI.create("http://user:secret@127.0.0.1:1/v3/secret");
        String message = fault(rpc(false, dead)).getMessage();
        assertFalse(message.contains("secret"), message);
    }

    @Test
    void theLayerOneBlockIsReadInBothForms() throws Exception {
        for (String form : List.of("\"0x64\"", "100")) {
            Chain chain = new Chain(rpc(false, node(method -> block(form))));
            assertEquals(100, chain.newest(soon()).l1Block());
            assertEquals(5, chain.block(5, soon()).orElseThrow().number());
        }
    }

    private static String block(String l1) {
        return "{\"number\":\"0x5\",\"hash\":\"" + HASH + "\",\"parentHash\":\"" + HASH + "\",\"l1BlockNumber\":" + l1
                + ",\"timestamp\":\"0x1\"}";
    }

    @Test
    void anotherBlockThanWasAskedForIsNotBelieved() {
        Chain chain = new Chain(rpc(false, node(method -> block("1"))));
        Fault fault = assertThrows(Fault.class, () -> chain.block(6, soon()));
        assertTrue(fault.getMessage().contains("another block"), fault.getMessage());
    }

    @Test
    void anEventOfAnotherBlockIsNotBelieved() {
        Chain chain = chain("[{\"address\":\"0x" + "11".repeat(20) + "\",\"topics\":[\"" + HASH
                + "\"],\"data\":\"0x\",\"blockNumber\":\"0x9\",\"blockHash\":\"" + HASH + "\"}]");
        assertThrows(Fault.class, () -> chain.logs(1, 5, List.of(Address.NONE), List.of(), soon()));
        assertThrows(Fault.class, () -> chain.call(Bytes.hex(HASH.substring(2)), Address.NONE, "0x", soon()));
    }

    @Test
    void aSettlementWhoseNodeIsNotThereSaysSoAndWaits() {
        try (ArbitrumSettlement settlement = new ArbitrumSettlement(
                new ArbitrumSettlement.Settings(
                        new Rpc.Settings(List.of(URI.create("http://127.0.0.1:1")), 0, Duration.ofSeconds(1), false),
                        Address.NONE,
                        Duration.ofMillis(50),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        1,
                        Optional.empty()),
                Optional::empty,
                InstantSource.system())) {
            Fault fault = assertThrows(Fault.class, () -> settlement.state(soon()));
            assertEquals(Fault.Consequence.RETRY_HERE, fault.consequence());
            assertTrue(fault.getMessage().startsWith("the chain has not been seen yet"), fault.getMessage());
        }
    }
}
