package io.millrace.api.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import io.millrace.api.value.SessionId;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OfferTest {

    private static final URI ENDPOINT = URI.create("https://a:8935");
    private static final AuthToken FIRST = new AuthToken(Bytes.utf8("1"), new SessionId("one"), Instant.EPOCH);
    private static final AuthToken SECOND = new AuthToken(Bytes.utf8("2"), new SessionId("two"), Instant.EPOCH);

    @Test
    void anOfferSaysNothingMoreThanItWasTold() {
        Offer offer = Offer.at(ENDPOINT, FIRST).build();
        assertEquals(ENDPOINT, offer.endpoint());
        assertEquals(FIRST, offer.token());
        assertEquals(Capabilities.NONE, offer.capabilities());
        assertEquals(Optional.empty(), offer.price());
        assertEquals(Map.of(), offer.prices());
        assertEquals(Optional.empty(), offer.ticketParams());
        assertEquals(Address.NONE, offer.address());
        assertEquals(List.of(), offer.nodes());
    }

    @Test
    void underAnotherTokenEverythingElseStays() {
        Offer offer = full(FIRST);
        assertEquals(full(SECOND), offer.but(SECOND).build());
        assertEquals(full(SECOND).hashCode(), offer.but(SECOND).build().hashCode());
        assertNotEquals(offer, offer.but(SECOND).build());
        assertEquals(offer, offer.but(FIRST).build());
    }

    @Test
    void whatIsChangedAfterwardsLeavesTheFirstOfferAlone() {
        Offer offer = full(FIRST);
        Offer free = offer.but(FIRST).price(Optional.empty()).nodes(List.of()).build();
        assertEquals(Optional.empty(), free.price());
        assertEquals(full(FIRST), offer);
        assertEquals(offer.prices(), free.prices());
    }

    @Test
    void offersThatDifferInOnePartAreNotEqual() {
        Offer offer = full(FIRST);
        for (Offer other : List.of(
                offer.but(FIRST).capabilities(Capabilities.of(1)).build(),
                offer.but(FIRST).price(Optional.of(Price.of(8, 2))).build(),
                offer.but(FIRST).prices(Map.of(27, Map.of("m", Price.of(6, 1)))).build(),
                offer.but(FIRST).ticketParams(Optional.empty()).build(),
                offer.but(FIRST).address(Address.NONE).build(),
                offer.but(FIRST).nodes(List.of()).build())) {
            assertNotEquals(offer, other);
        }
    }

    private static Offer full(AuthToken token) {
        Address account = new Address(Bytes.hex("11".repeat(20)));
        return Offer.at(ENDPOINT, token)
                .capabilities(Capabilities.of(0, 1).withVersion("0.9.1"))
                .price(Optional.of(Price.of(7, 2)))
                .prices(Map.of(27, Map.of("m", Price.of(5, 1))))
                .ticketParams(Optional.of(new TicketParams(
                        account,
                        BigInteger.TEN,
                        BigInteger.ONE,
                        Bytes.EMPTY,
                        BigInteger.ONE,
                        BigInteger.TWO,
                        3,
                        Bytes.EMPTY)))
                .address(account)
                .nodes(List.of(URI.create("https://b:8935")))
                .build();
    }
}
