package org.example.cheapest;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.SelectionPolicy;
import io.millrace.api.value.Price;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Chooses the cheapest orchestrator that keeps up with real time. A stream stays with its orchestrator while that is
 * not much dearer.
 */
@Component(service = SelectionPolicy.class, configurationPid = "org.example.cheapest")
@Designate(ocd = CheapestSettings.class)
public final class CheapestSelection implements SelectionPolicy {

    private static final BigDecimal MEGAPIXEL = BigDecimal.valueOf(1_000_000);
    private static final double REAL_TIME = 1;
    private final BigDecimal stay;
    private final BigDecimal max;

    /** Settings apply from the next segment on. */
    @Activate
    public CheapestSelection(CheapestSettings settings) {
        this(settings.stayPercent(), settings.maxWeiPerMegapixel());
    }

    CheapestSelection(int stayPercent, long maxWeiPerMegapixel) {
        stay = BigDecimal.valueOf(100L + stayPercent).movePointLeft(2);
        max = BigDecimal.valueOf(maxWeiPerMegapixel);
    }

    /** Lower is better, then cheaper, then faster. */
    private enum Place {
        STAYS("stays, "),
        KEEPS_UP(""),
        BUSY("works on this stream already, "),
        SLOW("slower than real time, "),
        TOO_DEAR("over the highest price, ");

        private final String words;

        Place(String words) {
            this.words = words;
        }
    }

    private record Judged(Candidate candidate, Place place, BigDecimal wei) {
        Ranked ranked() {
            return new Ranked(candidate, place != Place.TOO_DEAR, place.words + wei + " wei a megapixel");
        }
    }

    @Override
    public List<Ranked> rank(JobSpec spec, List<Candidate> candidates) {
        BigDecimal cheapest = candidates.stream()
                .filter(candidate -> !slow(candidate))
                .map(CheapestSelection::wei)
                .min(Comparator.naturalOrder())
                .orElse(BigDecimal.ZERO);
        return candidates.stream()
                .map(candidate -> new Judged(candidate, place(candidate, cheapest), wei(candidate)))
                .sorted(Comparator.comparing(Judged::place)
                        .thenComparing(Judged::wei)
                        .thenComparingDouble(judged -> judged.candidate().latencyScore().orElse(REAL_TIME))
                        .thenComparing(judged -> judged.candidate().quoteLatency()))
                .map(Judged::ranked)
                .toList();
    }

    private Place place(Candidate candidate, BigDecimal cheapest) {
        BigDecimal wei = wei(candidate);
        if (max.signum() > 0 && wei.compareTo(max) > 0) {
            return Place.TOO_DEAR;
        }
        if (slow(candidate)) {
            return Place.SLOW;
        }
        if (candidate.used() && wei.compareTo(cheapest.multiply(stay)) <= 0) {
            return Place.STAYS;
        }
        return candidate.inFlight() > 0 ? Place.BUSY : Place.KEEPS_UP;
    }

    private static boolean slow(Candidate candidate) {
        return candidate.latencyScore().orElse(0) > REAL_TIME;
    }

    /** What a megapixel costs there; off-chain nothing. */
    private static BigDecimal wei(Candidate candidate) {
        Price price = candidate.offer().price().orElse(Price.ZERO);
        BigDecimal wei = new BigDecimal(price.wei()).multiply(MEGAPIXEL);
        return wei.divide(new BigDecimal(price.units()), MathContext.DECIMAL64);
    }
}
