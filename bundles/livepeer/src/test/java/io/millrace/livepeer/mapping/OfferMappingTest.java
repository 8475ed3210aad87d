package io.millrace.livepeer.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import io.millrace.api.value.SessionId;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OfferMappingTest {

    private static Offer offer(Address account) {
        return Offer.at(
                        URI.create("https://127.0.0.1:8935"),
                        new AuthToken(Bytes.hex("01"), new SessionId("0a1b2c3d"), Instant.EPOCH))
                .price(Optional.of(Price.of(1200, 7)))
                .prices(Map.of(27, Map.of("a/model", Price.of(3, 1))))
                .address(account)
                .build();
    }

    @Test
    void aPriceIsToldByThoseWhoCanBePaid() {
        assertFalse(OfferMapping.toWire(offer(Address.NONE)).hasPriceInfo());
        Address account = new Address(Bytes.wrap(new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
        }));
        assertEquals(1200, OfferMapping.toWire(offer(account)).getPriceInfo().getPricePerUnit());
        assertEquals(7, OfferMapping.toWire(offer(account)).getPriceInfo().getPixelsPerUnit());
    }
}
