package io.millrace.ops.cli;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

/** Units that a price is given in. */
final class Currency {

    private static final int WEI_DIGITS = 18;
    private static final Ratio ONE = new Ratio(BigInteger.ONE, BigInteger.ONE);
    private static final Ratio ETH = new Ratio(BigInteger.TEN.pow(WEI_DIGITS), BigInteger.ONE);

    /** What go-livepeer says where others would need a price feed and there is none. */
    static final String REFUSAL = "error converting price: PriceFeedWatcher is not initialized";

    private Currency() {}

    /** Wei in one unit; empty for a currency that is not known without a chain. */
    static Optional<Ratio> wei(String currency) {
        return switch (currency.toLowerCase(Locale.ROOT)) {
            case "", "wei" -> Optional.of(ONE);
            case "eth" -> Optional.of(ETH);
            default -> Optional.empty();
        };
    }
}
