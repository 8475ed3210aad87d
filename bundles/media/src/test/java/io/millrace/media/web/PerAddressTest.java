package io.millrace.media.web;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PerAddressTest {

    private final PerAddress counts = new PerAddress();

    @Test
    void eachAddressHasItsOwnCount() {
        assertTrue(counts.enter("192.0.2.1", 1));
        assertFalse(counts.enter("192.0.2.1", 1));
        assertTrue(counts.enter("192.0.2.2", 1));
        counts.leave("192.0.2.1");
        assertTrue(counts.enter("192.0.2.1", 1));
    }

    @Test
    void addressesOfOneNetworkOfIpv6CountTogether() {
        assertTrue(counts.enter("[2001:db8:1:2::1]", 1));
        assertFalse(counts.enter("2001:db8:1:2:ffff::9%eth0", 1));
        assertTrue(counts.enter("2001:db8:1:3::1", 1));
        counts.leave("2001:db8:1:2::77");
        assertTrue(counts.enter("2001:db8:1:2::1", 1));
    }

    @Test
    void noneIsNoBound() {
        for (int i = 0; i < 1000; i++) {
            assertTrue(counts.enter("192.0.2.1", 0));
        }
    }

    @Test
    void whatIsNoAddressIsCountedAsItIs() {
        assertTrue(counts.enter("unix:/tmp/x", 1));
        assertFalse(counts.enter("unix:/tmp/x", 1));
    }
}
