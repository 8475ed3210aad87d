package io.millrace.api.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.network.Directory.Listing;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import io.millrace.api.value.Wei;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DirectoryTest {

    private static final URI ADDRESS = URI.create("https://a:8935");

    @Test
    void ofAListingOnlyTheAddressIsKnownAtFirst() {
        Listing listing = Listing.at(ADDRESS).build();
        assertEquals(ADDRESS, listing.address());
        assertEquals(0, listing.trust());
        assertFalse(listing.configured());
        assertEquals(Address.NONE, listing.account());
        assertEquals(Optional.empty(), listing.stake());
        assertEquals(Optional.empty(), listing.price());
        assertEquals(Optional.empty(), listing.capabilities());
    }

    @Test
    void aListingHasAllThatWasSaid() {
        Listing listing = full().build();
        assertEquals(2.5, listing.trust());
        assertTrue(listing.configured());
        assertEquals(new Address(Bytes.hex("11".repeat(20))), listing.account());
        assertEquals(Optional.of(Wei.of(9)), listing.stake());
        assertEquals(Optional.of(Price.of(7, 2)), listing.price());
        assertEquals(Optional.of(Capabilities.of(0, 1)), listing.capabilities());
    }

    @Test
    void listingsThatSayTheSameAreEqualAndOthersAreNot() {
        assertEquals(full().build(), full().build());
        assertEquals(full().build().hashCode(), full().build().hashCode());
        for (Listing other : List.of(
                Listing.at(ADDRESS).build(),
                full().trust(1).build(),
                full().configured(false).build(),
                full().account(Address.NONE).build(),
                full().stake(Wei.of(8)).build(),
                full().price(Price.of(14, 4)).build(),
                full().capabilities(Capabilities.of(0)).build())) {
            assertNotEquals(full().build(), other);
        }
    }

    @Test
    void aDirectoryThatNeverChangesTellsNobody() {
        Directory fixed = () -> List.of(full().build());
        fixed.watch(() -> {
            throw new AssertionError("told of a change");
        }).close();
    }

    private static Listing.Builder full() {
        return Listing.at(ADDRESS)
                .trust(2.5)
                .configured(true)
                .account(new Address(Bytes.hex("11".repeat(20))))
                .stake(Wei.of(9))
                .price(Price.of(7, 2))
                .capabilities(Capabilities.of(0, 1));
    }
}
