package io.millrace.ops.cli;

import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.payment.PriceFeed;
import io.millrace.api.value.Address;
import io.millrace.api.value.Rational;
import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import io.millrace.ops.page.PageServlet;
import io.millrace.ops.web.Right;
import io.millrace.testkit.InMemoryChainAccount;
import io.millrace.testkit.InMemoryWallet;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A node that answers the API on a port of its own. */
final class CliNode implements AutoCloseable {

    static final String PROFILES = "io.millrace.media.profiles";
    static final String STREAMS = "io.millrace.kernel.gateway.maxSessions";
    static final String SESSIONS = "io.millrace.kernel.orchestrator.maxSessions";

    static final String TOKEN = "Bearer right";

    final InMemorySettings settings = new InMemorySettings();

    /** Its prices are those of its settings, as a real node's, where the test names no others. */
    final FakeNode node = new FakeNode() {
        @Override
        public List<ConfiguredPrice> prices() {
            return prices.isEmpty() ? configured("io.millrace.kernel.orchestrator.", "pricePerUnit") : prices;
        }

        @Override
        public List<ConfiguredPrice> maxPrices() {
            return maxPrices.isEmpty() ? configured("io.millrace.kernel.gateway.", "maxPricePerUnit") : maxPrices;
        }
    };
    final StreamCounters tally = new StreamCounters();
    final String levelBefore = System.getProperty(LogLevel.PROPERTY);
    volatile int logRead;

    /** The node's account; nothing of a chain is there until {@link #onChain}. */
    final InMemoryWallet wallet = new InMemoryWallet.Registry().wallet("node");
    final InMemoryChainAccount account = new InMemoryChainAccount(wallet.address(), BigInteger.TEN.pow(21));

    private final CliServlet servlet;
    private final AdminServer server;

    CliNode(String role) throws Exception {
        node.role = role;
        servlet = new CliServlet(node, tally, new LogLevel(() -> logRead++), settings, new Right(TOKEN), new PageServlet(node));
        server = new AdminServer(0, Map.of("/*", servlet));
    }

    CliNode onChain() {
        servlet.bindAccount(account);
        servlet.bindWallet(wallet);
        return this;
    }

    private List<ConfiguredPrice> configured(String pid, String key) {
        String price = settings.values.getOrDefault(pid + key, "0");
        Rational wei = new Rational(
                new BigInteger(price), new BigInteger(settings.values.getOrDefault(pid + "pixelsPerUnit", "1")));
        return wei.signum() == 0
                ? List.of()
                : List.of(new ConfiguredPrice(Address.NONE, OptionalInt.empty(), "", price, Optional.of(wei)));
    }

    /** The only price feed from now on. */
    void feed(PriceFeed feed) {
        servlet.bindFeed(feed);
    }

    HttpResponse<String> get(String path) throws Exception {
        return server.get(path);
    }

    /** As livepeer_cli and curl -d send it; headers are names and values in turn. */
    HttpResponse<String> post(String path, String form, String... headers) throws Exception {
        return server.post(path, "application/x-www-form-urlencoded", form, headers);
    }

    HttpResponse<String> postAs(String type, String path, String body) throws Exception {
        return server.post(path, type, body);
    }

    /** The status of a change that names this host. */
    String changedAt(String host) throws Exception {
        return server.statusFor("POST", "/setMaxSessions", host, "maxSessions=1");
    }

    URI uri(String path) {
        return server.uri(path);
    }

    HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        return server.send(method, path, headers);
    }

    @Override
    public void close() {
        server.close();
        if (levelBefore == null) {
            System.clearProperty(LogLevel.PROPERTY);
        } else {
            System.setProperty(LogLevel.PROPERTY, levelBefore);
        }
    }
}
