package io.millrace.launcher.demo;

import io.millrace.launcher.Command;
import io.millrace.launcher.DistributionFolder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.parsson.JsonProviderImpl;

/**
 * A network of this machine: a chain with Livepeer's contracts, two orchestrators that ask different prices, a gateway
 * that pays them, and the demo's stream. At the end the orchestrators' ledgers are compared with the chain, to the wei.
 */
public final class Devnet extends Demo {

    /** Runs it. */
    public static final Command COMMAND = new Command(
            "devnet",
            "[FILE] [--loop] [--seconds N]",
            "A network with a chain of this machine, whose money is worth nothing",
            """
            FILE           what to stream, with H.264 video (default: a clip of our own)
            --loop         again and again
            --seconds N    end after so long, and compare the books with the chain
            It needs npm (node.js), which brings the chain the first time.
            """,
            Devnet::run);

    /** keccak256 of {@code WinningTicketTransfer(address,address,uint256)}. */
    private static final String TRANSFER = "0x8b87351a208c06e3ceee59d80725fd77a23b4129e1b51ca231fc89b40712649c";

    private static final Duration CHAIN_LIMIT = Duration.ofMinutes(5);
    private static final Duration REDEEM_LIMIT = Duration.ofSeconds(180);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 1000;

    /** Wei of a ticket: half of the tickets win twice as much, so that there is something to see. */
    private static final String TICKET_VALUE = "100000000000000";

    private static final String FACE_VALUE = "200000000000000";
    private static final List<String> PRICES = List.of("4000000", "5000000");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final List<URI> orchestrators = new ArrayList<>();
    private JsonObject chain;
    private URI gateway;

    private Devnet(DistributionFolder home, Path folder) {
        super(home, folder);
    }

    /** Runs it; 0 only when every rendition arrived and the books agree with the chain. */
    public static int run(DistributionFolder home, List<String> words) throws Exception {
        return run(new Devnet(home, temporaryFolder()), words);
    }

    @Override
    Started start() throws IOException, InterruptedException {
        List<String> uris = new ArrayList<>();
        for (int i = 0; i < PRICES.size(); i++) {
            uris.add("https://127.0.0.1:" + ports().freeNear(8935));
        }
        System.out.println("Making a chain with Livepeer's contracts (the first time npm brings it, about a minute)");
        chain(uris);
        System.out.println("Starting " + PRICES.size() + " orchestrators and a gateway");
        List<ChildNode> nodes = new ArrayList<>();
        for (int i = 0; i < PRICES.size(); i++) {
            List<String> settings = new ArrayList<>(orchestrator(uris.get(i)));
            settings.addAll(account(chain.getJsonArray("orchestrators").getJsonObject(i)));
            settings.addAll(List.of(
                    "io.millrace.kernel.orchestrator.pricePerUnit=" + PRICES.get(i),
                    "io.millrace.kernel.orchestrator.redeemGas=350000",
                    "io.millrace.kernel.orchestrator.ticketValue=" + TICKET_VALUE,
                    "io.millrace.kernel.orchestrator.maxFaceValue=" + FACE_VALUE));
            nodes.add(node("orchestrator-" + (i + 1), "orchestrator-onchain", settings));
        }
        List<String> paying = new ArrayList<>(account(chain.getJsonArray("gateways").getJsonObject(0)));
        paying.addAll(List.of(
                "io.millrace.kernel.payer.maxTicketValue=300000000000000",
                "io.millrace.kernel.payer.maxPaymentValue=100000000000000000"));
        Started started = gateway("gateway-onchain", uris, nodes, paying);
        gateway = started.page();
        for (ChildNode node : nodes) {
            orchestrators.add(admin(node));
        }
        System.out.println("Its money: " + gateway.resolve("/money") + " (gateway)");
        orchestrators.forEach(page -> System.out.println("           " + page.resolve("/money") + " (orchestrator)"));
        return started;
    }

    /** The chain's node keeps its tools beside the distribution, so that they are fetched once. */
    private void chain(List<String> uris) throws IOException, InterruptedException {
        Path tools = Files.isWritable(home().directory())
                ? home().directory().resolve("devnet")
                : Path.of(System.getProperty("user.home"), ".millrace", "devnet-tools");
        ChildNode node = node(
                "chain",
                "devnet",
                List.of(
                        "io.millrace.http~admin.address=127.0.0.1:" + ports().freeNear(6935),
                        "io.millrace.arbitrum.devnet.port=0",
                        "io.millrace.arbitrum.devnet.tools=" + tools,
                        "io.millrace.arbitrum.devnet.orchestrators=" + String.join(",", uris)));
        node.awaitReady(CHAIN_LIMIT);
        try (InputStream in = Files.newInputStream(folder().resolve("chain/devnet/devnet.json"));
                JsonReader reader = new JsonProviderImpl().createReader(in)) {
            chain = reader.readObject();
        }
    }

    private List<String> account(JsonObject account) {
        return List.of(
                "io.millrace.arbitrum.urls=" + chain.getString("url"),
                "io.millrace.arbitrum.controller=" + chain.getString("controller"),
                "io.millrace.arbitrum.pollSeconds=1",
                "io.millrace.wallet.keystore=" + account.getString("keystore"));
    }

    @Override
    boolean end() throws IOException, InterruptedException {
        System.out.println("Waiting until the terms of the last tickets have expired, about 40 seconds, and all that won"
                + " is redeemed");
        long until = System.nanoTime() + REDEEM_LIMIT.toNanos();
        while (waiting() > 0 && System.nanoTime() < until) {
            Thread.sleep(POLL_MILLIS);
        }
        boolean agree = waiting() == 0;
        System.out.printf("%-44s %14s %14s %8s %14s%n", "", "tickets", "work", "winners", "paid (ETH)");
        for (URI page : orchestrators) {
            for (JsonObject line : lines(page, "received")) {
                String self = money(page).getString("account");
                BigInteger transferred = transferred(line.getString("peer"), self);
                agree &= transferred.equals(number(line, "paid"));
                System.out.printf(
                        "%-44s %14s %14s %8d %14s%n",
                        self,
                        eth(number(line, "value")),
                        eth(number(line, "work")),
                        line.getInt("winners"),
                        eth(number(line, "paid")) + (transferred.equals(number(line, "paid")) ? "" : " chain: " + eth(transferred)));
            }
        }
        BigInteger spent = BigInteger.ZERO;
        BigInteger sent = BigInteger.ZERO;
        for (JsonObject line : lines(gateway, "sent")) {
            spent = spent.add(number(line, "work"));
            sent = sent.add(number(line, "value"));
        }
        System.out.printf("%-44s %14s %14s%n", money(gateway).getString("account") + " (gateway)", eth(sent), eth(spent));
        System.out.println(agree
                ? "The ledgers agree with the chain, to the wei."
                : "The ledgers do not agree with the chain, or winners still wait: look at the pages above.");
        return agree;
    }

    private int waiting() throws IOException, InterruptedException {
        int waiting = 0;
        for (URI page : orchestrators) {
            waiting += lines(page, "pending").size();
        }
        return waiting;
    }

    private List<JsonObject> lines(URI page, String name) throws IOException, InterruptedException {
        return money(page).getJsonArray(name).getValuesAs(JsonObject.class);
    }

    private JsonObject money(URI page) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(page.resolve("/api/money")).timeout(PATIENCE).build());
    }

    /** What the contract paid of a sender to a recipient, by its events. */
    private BigInteger transferred(String sender, String recipient) throws IOException, InterruptedException {
        String filter = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x0\","
                + "\"toBlock\":\"latest\",\"address\":\"" + chain.getString("ticketBroker") + "\",\"topics\":[\""
                + TRANSFER + "\",\"" + topic(sender) + "\",\"" + topic(recipient) + "\"]}]}";
        JsonObject answer = ask(HttpRequest.newBuilder(URI.create(chain.getString("url")))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofString(filter))
                .build());
        return answer.getJsonArray("result").getValuesAs(JsonObject.class).stream()
                .map(log -> new BigInteger(log.getString("data").substring(2), 16))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static String topic(String address) {
        return "0x" + "0".repeat(24) + address.substring(2).toLowerCase(Locale.ROOT);
    }

    private JsonObject ask(HttpRequest request) throws IOException, InterruptedException {
        String body = client.send(request, BodyHandlers.ofString()).body();
        try (JsonReader reader = new JsonProviderImpl().createReader(new StringReader(body))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new IOException(request.uri() + " does not answer with JSON", e);
        }
    }

    private static BigInteger number(JsonObject line, String name) {
        return new BigInteger(line.getString(name));
    }

    private static String eth(BigInteger wei) {
        return new BigDecimal(wei, 18).setScale(9, RoundingMode.HALF_UP).toPlainString();
    }
}
