package io.millrace.ops.web;

import org.junit.jupiter.params.provider.CsvSource;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostRuleTest {

    private final HostRule rule = new HostRule(List.of("Node.example"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost", "localhost:5935", "LOCALHOST", "demo.localhost:80", "127.0.0.1:5935", "192.168.1.7",
                "[::1]:5935", "[fe80::1]", "node.example", "NODE.example.:5935"
            })
    void addressesAndOwnNamesAreBelieved(String header) {
        assertTrue(rule.accepts(header));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "evil.example", "evil.example:5935", "127.0.0.1.evil.example", "localhost.evil.example",
                "node.example.evil", "127.0.0.1 evil", "x; script-src *.localhost", "[::1", "[evil]", ":5935"
            })
    void anyOtherNameIsNot(String header) {
        assertFalse(rule.accepts(header));
    }

    @Test
    void aRequestWithoutAHostIsNot() {
        assertFalse(rule.accepts(null));
    }

    @Test
    void theNameIsWithoutItsPort() {
        assertEquals("[::1]", HostRule.name("[::1]:80"));
        assertEquals("a.example", HostRule.name("A.example:80"));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,,true", "127.8.9.1,,true", "::1,,true", "[::1],,true", "0:0:0:0:0:0:0:1,,true", "10.0.0.7,,false",
        "10.0.0.7,right,true", "10.0.0.7,wrong,false", "fe80::1%eth0,,false", "localhost,,false"
    })
    void fromAnotherMachineOnlyTheOperatorIsLetIn(String address, String credentials, boolean admitted) {
        assertEquals(admitted, new HostRule(List.of(), "right"::equals).admits(address, credentials));
    }
}
