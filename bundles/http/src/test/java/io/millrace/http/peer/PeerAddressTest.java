package io.millrace.http.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.1,        203.0.113.2,          false",
        "203.0.113.1,        203.0.113.1,          true",
        "2001:db8:0:1::1,    2001:db8:0:1:ffff::2, true",
        "2001:db8:0:1::1,    2001:db8:0:2::1,      false",
        "::ffff:203.0.113.1, 203.0.113.1,          true",
    })
    void anIpv6NetworkOf64BitsCountsAsOne(String one, String another, boolean same) {
        assertEquals(same, address(one).equals(address(another)));
    }

    private static PeerAddress address(String literal) {
        return PeerAddress.of(new InetSocketAddress(InetAddress.ofLiteral(literal), 1));
    }
}
