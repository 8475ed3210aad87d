package io.millrace.settings;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a text of our own bundles must look like, which the metatype has no words for. The components refuse the same
 * texts; here they are refused before a component has them, and also where no node runs.
 */
enum Form {
    /** Where a server listens. */
    SOCKET("HOST:PORT, such as 127.0.0.1:9935, [::1]:9935 or :8935", Form::socket),
    /** Where RTMP is listened to: a port alone will do. */
    PORT_OR_SOCKET("HOST:PORT, such as 127.0.0.1:1935, [::1]:1935 or :1935", Form::portOrSocket),
    /** An orchestrator. */
    ORCHESTRATOR("an address such as https://example.org:8935, or loopback: for this very node", Form::orchestrator),
    /** Who redeems for a node. */
    REDEEMER("HOST:PORT, such as 127.0.0.1:8935, without https:// before it, or empty", Form::redeemer),
    /** An account of the chain. */
    ACCOUNT("an account, 0x and 40 hexadecimal digits, or empty", text -> text.matches("(0x[0-9a-fA-F]{40})?")),
    /** Where others reach a node. */
    PUBLIC("an address such as https://example.org:8935, or empty", Form::address),
    /** Addresses of a network. */
    NETWORK("a network such as 10.0.0.0/8, fd00::/8 or 127.0.0.1", Form::network),
    /** An amount of money. */
    WEI("a whole number of wei, such as 8000000000", text -> text.matches("[0-9]{1,30}")),
    /** What is asked or paid. */
    PRICE("a price such as 7, 0.5USD or 0.5USD/1000000: an amount, its currency unless it is wei, the units it is for",
            text -> text.matches(Form.PRICE_TEXT)),
    /** What is asked or paid for something in particular. */
    PRICE_OF("WHAT=PRICE, such as 0x…=0.5USD/1000000 of a gateway's address, or text-to-image/MODEL=7",
            text -> text.matches("[^=\\s]+\\s*=\\s*" + Form.PRICE_TEXT)),
    /** What a servlet is for. */
    PATH("a path such as /segment or /stream/*", text -> text.startsWith("/") || text.startsWith("*.")),
    /** What is transcoded into. */
    PROFILE("the name of a preset, such as P360p30fps16x9, or the path of a file with profiles", Form::profile),
    /** Who may publish. */
    STREAM_KEY("NAME=KEY, the name of a stream and its key", text -> text.matches("[^=]+=.*\\S"));

    private static final Map<String, Form> BY_SETTING = Map.ofEntries(
            Map.entry("io.millrace.http/address", SOCKET),
            Map.entry("io.millrace.http/uri", PUBLIC),
            Map.entry("io.millrace.http/paths", PATH),
            Map.entry("io.millrace.media.rtmp/address", PORT_OR_SOCKET),
            Map.entry("io.millrace.media.rtmp/keys", STREAM_KEY),
            Map.entry("io.millrace.media/profiles", PROFILE),
            Map.entry("io.millrace.kernel.gateway/orchestrators", ORCHESTRATOR),
            Map.entry("io.millrace.kernel.network/allowedNetworks", NETWORK),
            Map.entry("io.millrace.kernel.orchestrator/serviceUri", PUBLIC),
            Map.entry("io.millrace.kernel.orchestrator/ticketValue", WEI),
            Map.entry("io.millrace.kernel.orchestrator/maxFaceValue", WEI),
            Map.entry("io.millrace.kernel.orchestrator/redeemer", REDEEMER),
            Map.entry("io.millrace.kernel.redeemer/recipient", ACCOUNT),
            Map.entry("io.millrace.kernel.orchestrator/pricePerUnit", PRICE),
            Map.entry("io.millrace.kernel.orchestrator/prices", PRICE_OF),
            Map.entry("io.millrace.kernel.gateway/maxPricePerUnit", PRICE),
            Map.entry("io.millrace.kernel.gateway/maxPrices", PRICE_OF),
            Map.entry("io.millrace.kernel.payer/maxTicketValue", WEI),
            Map.entry("io.millrace.kernel.payer/maxPaymentValue", WEI));

    private static final String PRICE_TEXT =
            "\\d{1,40}(\\.\\d{1,40})?([A-Za-z][A-Za-z0-9]{0,15})?(/0*[1-9]\\d{0,39})?";

    private static final int LAST_PORT = 65_535;

    private final String meaning;
    private final Predicate<String> fits;

    Form(String meaning, Predicate<String> fits) {
        this.meaning = meaning;
        this.fits = fits;
    }

    /** That of a setting; empty when it may be any text. */
    static Optional<Form> of(Setting setting) {
        return Optional.ofNullable(BY_SETTING.get(setting.pid() + "/" + setting.key()));
    }

    /** The settings that have one, {@code PID/key}. */
    static Set<String> settings() {
        return BY_SETTING.keySet();
    }

    /** What a value must be, for a sentence. */
    String meaning() {
        return meaning;
    }

    /**
     * Whether the parts of a value have it. Of profiles one is enough: a preset that only a later version of the
     * network knows is skipped with a warning.
     */
    boolean fits(List<String> parts) {
        return this == PROFILE
                ? parts.stream().map(String::strip).anyMatch(fits)
                : parts.stream().map(String::strip).allMatch(fits);
    }

    /** Whether the parts of a secret have it. */
    boolean fitsSecret(String secret) {
        return fits(Arrays.stream(secret.split("[,\\n\\r]")).filter(part -> !part.isBlank()).toList());
    }

    private static boolean socket(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !port(text.substring(colon + 1))) {
            return false;
        }
        String host = text.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") || host.matches("[^\\s:\\[\\]/]*");
    }

    private static boolean redeemer(String text) {
        return text.isEmpty() || socket(text) && !text.startsWith(":") && !text.endsWith(":0");
    }

    private static boolean portOrSocket(String text) {
        return port(text) || socket(text);
    }

    private static boolean port(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= LAST_PORT;
    }

    private static boolean orchestrator(String text) {
        if (text.toLowerCase(Locale.ROOT).startsWith("loopback:")) {
            return true;
        }
        try {
            URI uri = new URI(text.contains("://") ? text : "https://" + text);
            return Set.of("https", "http").contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getPort() != 0
                    && uri.getPort() <= LAST_PORT;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean address(String text) {
        try {
            return text.isEmpty() || new URI(text) instanceof URI uri && uri.getScheme() != null && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Only literals: a name would be asked of a name server. */
    private static boolean network(String text) {
        String[] parts = text.split("/", -1);
        try {
            int width = InetAddress.ofLiteral(parts[0]).getAddress().length * Byte.SIZE;
            return parts.length == 1
                    || parts.length == 2 && parts[1].matches("[0-9]{1,3}") && Integer.parseInt(parts[1]) <= width;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean profile(String text) {
        try {
            return text.matches("P[0-9]+p[0-9]+fps[0-9]+x[0-9]+") || Files.isRegularFile(Path.of(text));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
