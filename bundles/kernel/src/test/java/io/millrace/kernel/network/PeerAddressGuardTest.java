package io.millrace.kernel.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.network.AddressGuard.Verdict;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressGuardTest {

    private static final Optional<URI> NOT_CONFIGURED = Optional.empty();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:7935/setMaxSessions?maxSessions=1",
                "http://127.1.2.3/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::127.0.0.1]/",
                "http://0.0.0.0/",
                "http://[::]/",
                "http://10.1.2.3/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://100.64.0.1/",
                "http://[fe80::1]/",
                "http://[fd00::1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "http://inside.example/"
            })
    void whatIsNotTheOpenInternetIsRefused(String address) {
        assertInstanceOf(Verdict.Refused.class, guard(List.of()).check(URI.create(address), NOT_CONFIGURED), address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://8.8.8.8/", "https:///x", "https://8.8.8.8:0/", "x"})
    void whatIsNoAddressOfTheWebIsRefused(String address) {
        assertInstanceOf(Verdict.Refused.class, guard(List.of()).check(URI.create(address), NOT_CONFIGURED), address);
    }

    @Test
    void anAddressOfTheOpenInternetIsAllowedAndResolved() {
        assertEquals("203.0.113.9:8935", allowed(guard(List.of()), "https://outside.example:8935/x", NOT_CONFIGURED));
        assertEquals("203.0.113.9:443", allowed(guard(List.of()), "https://outside.example/x", NOT_CONFIGURED));
    }

    @Test
    void theHostAndPortThatTheOperatorConfiguredAreAllowedAndNoOtherPortOfThatHost() {
        Optional<URI> configured = Optional.of(URI.create("https://127.0.0.1:8935"));
        assertEquals("127.0.0.1:8935", allowed(guard(List.of()), "https://127.0.0.1:8935/stream/1", configured));
        assertEquals("127.0.0.1:8935", allowed(guard(List.of()), "https://localhost:8935/stream/1", configured));
        assertInstanceOf(
                Verdict.Refused.class, guard(List.of()).check(URI.create("http://127.0.0.1:7935/"), configured));
        assertInstanceOf(
                Verdict.Refused.class, guard(List.of()).check(URI.create("https://127.0.0.2:8935/"), configured));
    }

    @Test
    void aNetworkThatTheOperatorNamedIsAllowedButNotTheNodesOwnListeners() {
        PeerAddressGuard guard = guard(List.of(Network.of("127.0.0.0/8")));
        assertEquals("127.0.0.1:9000", allowed(guard, "http://127.0.0.1:9000/", NOT_CONFIGURED));
        assertInstanceOf(Verdict.Refused.class, guard.check(URI.create("http://127.0.0.1:5935/"), NOT_CONFIGURED));
        assertInstanceOf(Verdict.Refused.class, guard.check(URI.create("http://10.0.0.1/"), NOT_CONFIGURED));
    }

    @Test
    void aNameThatAnswersDifferentlyTheSecondTimeIsAskedOnce() {
        int[] asked = {0};
        PeerAddressGuard guard = new PeerAddressGuard(
                host -> new InetAddress[] {InetAddress.getByName(asked[0]++ == 0 ? "203.0.113.9" : "127.0.0.1")},
                List::of,
                Set::of);
        assertEquals("203.0.113.9:80", allowed(guard, "http://rebinding.example/", NOT_CONFIGURED));
        assertEquals(1, asked[0]);
    }

    @Test
    void networksAreReadAsWrittenAndNothingElseIs() throws UnknownHostException {
        Network network = Network.of(" 10.128.0.0/9 ");
        assertTrue(network.contains(InetAddress.getByName("10.200.1.1")));
        assertTrue(!network.contains(InetAddress.getByName("10.127.255.255")));
        assertTrue(!network.contains(InetAddress.getByName("::1")));
        for (String wrong : List.of("", "10.0.0.0/33", "10.0.0.0/x", "localhost", "1.2.3.4.5", "10.0.0.0/8/8", "8")) {
            assertThrows(IllegalArgumentException.class, () -> Network.of(wrong), wrong);
        }
    }

    private static String allowed(PeerAddressGuard guard, String address, Optional<URI> configured) {
        var socket = assertInstanceOf(Verdict.Allowed.class, guard.check(URI.create(address), configured))
                .socket();
        return socket.getAddress().getHostAddress() + ":" + socket.getPort();
    }

    private static PeerAddressGuard guard(List<Network> allowed) {
        return new PeerAddressGuard(PeerAddressGuardTest::resolve, () -> allowed, () -> Set.of(5935, 8935));
    }

    private static InetAddress[] resolve(String host) throws UnknownHostException {
        return switch (host) {
            case "outside.example" -> InetAddress.getAllByName("203.0.113.9");
            case "inside.example" -> InetAddress.getAllByName("10.0.0.5");
            default -> InetAddress.getAllByName(host);
        };
    }
}
