package io.millrace.livepeer.mapping;

import io.millrace.api.value.Price;
import io.millrace.livepeer.wire.PriceInfo;
import java.math.BigInteger;

/** Prices, which the wire holds as two 64-bit numbers. */
final class PriceMapping {

    private static final int BITS = Long.SIZE - 1;

    private PriceMapping() {}

    /** Terms that do not fit are reduced; if that is not enough, both lose their lowest bits. */
    static PriceInfo toWire(Price price) {
        BigInteger wei = price.wei();
        BigInteger units = price.units();
        if (excess(wei, units) > 0) {
            BigInteger divisor = wei.gcd(units);
            wei = wei.divide(divisor);
            units = units.divide(divisor);
            int shift = Math.max(0, excess(wei, units));
            wei = wei.shiftRight(shift);
            units = units.shiftRight(shift).max(BigInteger.ONE);
        }
        return PriceInfo.newBuilder()
                .setPricePerUnit(wei.longValueExact())
                .setPixelsPerUnit(units.longValueExact())
                .build();
    }

    static Price fromWire(PriceInfo message) throws Malformed {
        if (message.getPixelsPerUnit() <= 0) {
            throw new Malformed("pixels per unit is " + message.getPixelsPerUnit());
        }
        if (message.getPricePerUnit() < 0) {
            throw new Malformed("price per unit is " + message.getPricePerUnit());
        }
        return Price.of(message.getPricePerUnit(), message.getPixelsPerUnit());
    }

    private static int excess(BigInteger wei, BigInteger units) {
        return Math.max(wei.bitLength(), units.bitLength()) - BITS;
    }
}
