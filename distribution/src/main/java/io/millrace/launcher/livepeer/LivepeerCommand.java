package io.millrace.launcher.livepeer;

import io.millrace.launcher.Command;
import io.millrace.launcher.DataFolder;
import io.millrace.launcher.DistributionFolder;
import io.millrace.launcher.Feature;
import io.millrace.launcher.NodeCommands;
import io.millrace.launcher.Refused;
import io.millrace.launcher.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** {@code bin/millrace livepeer FLAGS...}: a node by go-livepeer's own command line. */
public final class LivepeerCommand {

    /** The release whose behaviour on the wire this node has. */
    public static final String EMULATED_VERSION = "0.9.1";

    /** Such a node. */
    public static final Command COMMAND = new Command(
            "livepeer",
            "FLAGS...",
            "A node by go-livepeer's own command line",
            """
            Takes the flags of go-livepeer %s, for instance
              millrace livepeer -orchestrator -transcoder -serviceAddr 127.0.0.1:8935
              millrace livepeer -gateway -orchAddr 127.0.0.1:8935
            One that is not there is refused by name, with what to use instead. What the flags do not say, LP_FLAG in
            the environment does, then lines "flag value" of the file that -config names.

            %s"""
                    .formatted(EMULATED_VERSION, FlagList.text()),
            LivepeerCommand::run);

    private static final String SERVICE = "io.millrace.http~service";
    private static final String REDEEMER = "io.millrace.kernel.redeemer";
    private static final String PUSH = "io.millrace.media.push";
    private static final String AI = "io.millrace.livepeer.ai";
    private static final String ADDRESS = "address";
    private static final int DEFAULT_PORT = 8935;

    private static final String CHAIN = "io.millrace.arbitrum";
    private static final String WALLET = "io.millrace.wallet";
    private static final String DIRECTORY = "io.millrace.arbitrum.directory";
    private static final String OFF_CHAIN = "offchain";
    private static final String MAX_PRICES = "maxPricePerCapability";
    private static final String PASSWORD = "ethPassword";

    /** Where the Controller of a network is that go-livepeer knows by name (cmd/livepeer/starter/starter.go). */
    private static final Map<String, String> CONTROLLERS =
            Map.of("arbitrum-one-mainnet", "0xD8E8328501E9645d16Cf49539efC04f734606ee4");

    /** Gas of a redemption on a network that is not Arbitrum (starter.go). */
    private static final String REDEEM_GAS_ELSEWHERE = "350000";

    private LivepeerCommand() {}

    /** Runs the node in this process until it is told to stop. */
    public static int run(DistributionFolder home, List<String> words) throws Exception {
        CommandLine line = CommandLine.parse(words, System.getenv());
        if (line.isSet("version")) {
            System.out.println("Livepeer Node Version: " + EMULATED_VERSION);
            System.out.println("Millrace " + DistributionFolder.version() + ", Java " + Runtime.version());
            System.out.println("Architecture: " + System.getProperty("os.arch"));
            System.out.println("Operating system: " + System.getProperty("os.name"));
            return 0;
        }
        line.value("v").ifPresent(LivepeerCommand::verbosity);
        DataFolder data = data(line);
        Feature feature = Feature.read(home, role(line));
        return NodeCommands.run(home, data, feature, settings(home, data, feature, line));
    }

    static String role(CommandLine line) {
        boolean gateway = line.isSet("gateway") || line.isSet("broadcaster");
        boolean orchestrator = line.isSet("orchestrator");
        if (line.isSet("redeemer")) {
            return redeemer(line, gateway || orchestrator || line.isSet("transcoder"));
        }
        if (!gateway && !orchestrator) {
            throw new Refused(
                    line.isSet("aiWorker")
                            ? "A standalone AI worker is not there yet: use -orchestrator -transcoder -aiWorker."
                            : line.isSet("transcoder")
                            ? "A standalone transcoder is not there yet: use -orchestrator -transcoder."
                            : "No services enabled; must be at least one of -gateway, -orchestrator -transcoder,"
                                    + " -redeemer.");
        }
        if (orchestrator && !line.isSet("transcoder")) {
            throw new Refused("An orchestrator without its own codec is not there yet: add -transcoder.");
        }
        if (orchestrator && line.value("serviceAddr").isEmpty()) {
            throw new Refused("Say with -serviceAddr HOST:PORT where gateways reach this orchestrator;"
                    + " Millrace asks nobody outside for its address.");
        }
        String role = gateway && orchestrator ? "combined" : gateway ? "gateway" : "orchestrator";
        return network(line).equals(OFF_CHAIN) ? role : role + "-onchain";
    }

    /** go-livepeer's redeemer is nothing else, and says nothing of the other flags. */
    private static String redeemer(CommandLine line, boolean more) {
        if (more) {
            throw new Refused("A redeemer is a node of its own: leave out -redeemer, or -gateway, -orchestrator and"
                    + " -transcoder.");
        }
        if (network(line).equals(OFF_CHAIN)) {
            throw new Refused("A redeemer needs a chain: say with -network NAME which one.");
        }
        return "redeemer-onchain";
    }

    private static String network(CommandLine line) {
        return line.value("network").filter(name -> !name.isEmpty()).orElse(OFF_CHAIN);
    }

    /** The settings of a node that these flags ask for. */
    static Settings settings(DistributionFolder home, DataFolder data, Feature feature, CommandLine line) {
        Settings settings = new Settings(feature, home, data.directory());
        settings.withFiles();
        for (Flag flag : line.flags()) {
            String value = line.value(flag.name()).orElseThrow();
            for (Map.Entry<String, UnaryOperator<String>> target : flag.targets().entrySet()) {
                String[] pidAndKey = target.getKey().split("/");
                if (settings.has(pidAndKey[0])) {
                    settings.put(pidAndKey[0], pidAndKey[1], target.getValue().apply(value));
                }
            }
        }
        addresses(settings, line);
        maxPrices(settings, line);
        if (settings.has(CHAIN)) {
            chain(settings, line);
        }
        if (settings.has(PUSH) && (line.value("httpIngest").isPresent() || !pushAllowed(line))) {
            settings.put(PUSH, "enabled", Boolean.toString(pushAllowed(line)));
            settings.put(AI, "enabled", Boolean.toString(pushAllowed(line)));
        }
        return settings;
    }

    /** Maximum prices that are for no number of units of their own are for that of -pixelsPerUnit. */
    private static void maxPrices(Settings settings, CommandLine line) {
        if (settings.has("io.millrace.kernel.gateway")) {
            String pixels = line.value("pixelsPerUnit").orElse("1");
            line.value(MAX_PRICES).ifPresent(text -> settings.put(
                    "io.millrace.kernel.gateway", "maxPrices", PriceLists.ofCapabilities(MAX_PRICES, text, pixels)));
        }
    }

    private static void chain(Settings settings, CommandLine line) {
        String network = network(line);
        if (line.value("ethUrl").filter(url -> !url.isEmpty()).isEmpty()) {
            throw new Refused("Say with -ethUrl URL which JSON-RPC endpoint of " + network + " is asked.");
        }
        if (line.value("ethController").isEmpty()) {
            settings.put(CHAIN, "controller", Optional.ofNullable(CONTROLLERS.get(network))
                    .orElseThrow(() -> new Refused("Say with -ethController ADDRESS where the contracts of " + network
                            + " are found; only those of " + String.join(", ", CONTROLLERS.keySet()) + " are known.")));
        }
        if (!network.startsWith("arbitrum") && settings.has("io.millrace.kernel.orchestrator")) {
            settings.put("io.millrace.kernel.orchestrator", "redeemGas", REDEEM_GAS_ELSEWHERE);
        }
        if (settings.has(DIRECTORY)) {
            // as go-livepeer: who names orchestrators asks those alone
            boolean named = line.value("orchAddr").filter(text -> !text.isEmpty()).isPresent();
            settings.put(DIRECTORY, "enabled", Boolean.toString(!named));
        }
        if (!CONTROLLERS.containsKey(network) && isLoopback(line.value("ethUrl").orElseThrow())) {
            // a chain of this machine: what registers there is on this machine too
            settings.put("io.millrace.kernel.network", "allowedNetworks", "127.0.0.0/8,::1");
        }
        line.value(PASSWORD).filter(text -> !text.isEmpty()).ifPresent(text -> settings.put(
                WALLET, "password", password(text)));
    }

    private static boolean isLoopback(String url) {
        try {
            String host = URI.create(url).getHost();
            return host != null && (host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The password is never on the command line, where every user of the machine can read it. */
    private static String password(String text) {
        if (text.equals(System.getenv(CommandLine.variable(PASSWORD)))) {
            return "env:" + CommandLine.variable(PASSWORD);
        }
        Path file = Path.of(text).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new Refused("-ethPassword takes a file that holds the password; there is none of that name. A password"
                    + " itself would be readable for every user of this machine: put it into a file, or into the"
                    + " variable " + CommandLine.variable(PASSWORD) + ".");
        }
        return "file:" + file;
    }

    /** Addresses whose host or port was left out get those of the role, as go-livepeer does it. */
    private static void addresses(Settings settings, CommandLine line) {
        boolean gateway = settings.has("io.millrace.kernel.gateway");
        line.value("cliAddr").ifPresent(address -> settings.put(
                "io.millrace.http~admin",
                ADDRESS,
                Flags.address("127.0.0.1", gateway ? "5935" : "7935").apply(address)));
        if (gateway) {
            line.value("httpAddr").ifPresent(address -> settings.put(
                    "io.millrace.http~http", ADDRESS, Flags.address("127.0.0.1", "9935").apply(address)));
        }
        if (settings.has(REDEEMER)) {
            settings.put(
                    SERVICE, ADDRESS, Flags.address("127.0.0.1", Integer.toString(DEFAULT_PORT)).apply(line.value("httpAddr").orElse("")));
        } else if (settings.has(SERVICE)) {
            URI uri = serviceUri(line.value("serviceAddr").orElseThrow());
            settings.put("io.millrace.kernel.orchestrator", "serviceUri", uri.toString());
            settings.put(SERVICE, "uri", uri.toString());
            // In a combined node -httpAddr is the gateway's.
            serviceSocket(settings, gateway ? "" : line.value("httpAddr").orElse(""), uri);
        }
    }

    private static URI serviceUri(String address) {
        try {
            URI uri = URI.create(address.contains("://") ? address : "https://" + address);
            if (uri.getHost() != null && List.of("https", "http").contains(uri.getScheme())) {
                int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
                return URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + port);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new Refused("-serviceAddr takes HOST:PORT, not '" + address + "'.");
    }

    private static void serviceSocket(Settings settings, String httpAddr, URI serviceUri) {
        int scheme = httpAddr.indexOf("://");
        String name = scheme < 0 ? "https" : httpAddr.substring(0, scheme);
        if (!List.of("http", "https").contains(name)) {
            throw new Refused("-httpAddr takes HOST:PORT, with http:// or https:// before it, not '" + httpAddr + "'.");
        }
        String address = scheme < 0 ? httpAddr : httpAddr.substring(scheme + 3);
        settings.put(SERVICE, ADDRESS, Flags.address("", Integer.toString(serviceUri.getPort())).apply(address));
        settings.put(SERVICE, "tls", Boolean.toString(name.equals("https")));
    }

    /** Push and AI requests are enabled by default only where the address is on loopback or names no host, as go-livepeer does it. */
    private static boolean pushAllowed(CommandLine line) {
        if (line.value("httpIngest").isPresent()) {
            return line.isSet("httpIngest");
        }
        Optional<String> address = line.value("httpAddr").filter(value -> !value.isEmpty());
        if (address.isEmpty() || address.get().startsWith(":")) {
            return true;
        }
        String host = address.get().replaceFirst(":[0-9]*$", "").replaceAll("[\\[\\]]", "");
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static DataFolder data(CommandLine line) {
        String fallback = System.getProperty("user.home") + "/.millrace/" + network(line);
        return DataFolder.at(line.value("dataDir").or(() -> line.value("datadir")).orElse(fallback));
    }

    private static void verbosity(String text) {
        int level;
        try {
            level = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Refused("-v takes a number from 0 to 6, not '" + text + "'.");
        }
        System.setProperty("millrace.level", level <= 3 ? "INFO" : level <= 5 ? "DEBUG" : "TRACE");
    }
}
