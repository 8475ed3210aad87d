package io.millrace.kernel.orchestrator;

import io.millrace.api.job.Payload;
import io.millrace.kernel.payment.CurrencyPrice;
import io.millrace.kernel.payment.PriceBook;
import io.millrace.kernel.payment.PriceTable;
import io.millrace.kernel.payment.Spending;
import io.millrace.kernel.payment.TicketPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The limits an orchestrator works within; they may change while it works.
 *
 * @param version of this node on the wire
 * @param maxSessions sessions at once
 * @param maxRequests requests that are no segments, at once
 * @param queue jobs of one session that wait behind the one that runs
 * @param sessionIdle a session without work, or a live session without a message, ends after this
 * @param retention how long results can be fetched after their session ended
 * @param jobFloor least time for a segment, from acceptance to result
 * @param jobFactor time for a segment as a multiple of its duration, where that is more
 * @param requestTime time for any other request
 * @param maxBodyBytes largest body
 * @param onChain whether work has to be paid
 * @param prices what it asks; zero asks for nothing
 * @param tickets what tickets it wants where work is paid
 * @param redeems whether this node redeems its winning tickets itself
 * @param redeemer who redeems them instead; empty for nobody else
 * @param gas what redemptions may cost
 * @param serviceUri where gateways reach it; empty takes the address of the service port
 */
public record OrchestratorSettings(
        String version,
        int maxSessions,
        int maxRequests,
        int queue,
        Duration sessionIdle,
        Duration retention,
        Duration jobFloor,
        int jobFactor,
        Duration requestTime,
        long maxBodyBytes,
        boolean onChain,
        PriceBook.Configured prices,
        TicketPolicy tickets,
        boolean redeems,
        Optional<URI> redeemer,
        Spending.Limits gas,
        Optional<URI> serviceUri) {

    /** Largest body, in bytes, as in go-livepeer (common/util.go, MaxSegSize). */
    public static final long MAX_BODY_BYTES = 300_000_000;

    /** Length of a segment whose sender does not say (go-livepeer core/streamdata.go). */
    private static final Duration UNSAID_DURATION = Duration.ofSeconds(2);

    /**
     * What gateways of the network expect: their call ends after 8 s or four times the segment (server/segment_rpc.go,
     * SubmitSegment), and they leave a session that they have not used for 60 s.
     */
    public static final OrchestratorSettings STANDARD = new OrchestratorSettings(
            "0.9.1",
            10,
            100,
            4,
            Duration.ofSeconds(70),
            Duration.ofSeconds(30),
            Duration.ofSeconds(8),
            4,
            Duration.ofMinutes(10),
            MAX_BODY_BYTES,
            false,
            PriceBook.Configured.FREE,
            TicketPolicy.STANDARD,
            true,
            Optional.empty(),
            Spending.Limits.NONE,
            Optional.empty());

    /**
     * The limits of a configuration.
     *
     * @throws IllegalArgumentException that names a key whose value makes no sense
     */
    static OrchestratorSettings of(OrchestratorConfiguration settings) {
        return new OrchestratorSettings(
                settings.version(),
                atLeast(1, "maxSessions", settings.maxSessions()),
                atLeast(1, "maxRequests", settings.maxRequests()),
                atLeast(0, "queue", settings.queue()),
                Duration.ofSeconds(atLeast(1, "sessionIdleSeconds", settings.sessionIdleSeconds())),
                Duration.ofSeconds(atLeast(0, "resultRetentionSeconds", settings.resultRetentionSeconds())),
                Duration.ofSeconds(atLeast(1, "jobTimeoutSeconds", settings.jobTimeoutSeconds())),
                atLeast(1, "jobTimeoutFactor", settings.jobTimeoutFactor()),
                Duration.ofSeconds(atLeast(1, "requestTimeoutSeconds", settings.requestTimeoutSeconds())),
                MAX_BODY_BYTES,
                settings.onChain(),
                prices(settings),
                tickets(settings),
                settings.redeemTickets() && settings.redeemer().isBlank(),
                redeemer(settings.redeemer().strip()),
                Spending.Limits.ofGas(settings.maxGasPerHour(), settings.maxGasPerDay()),
                uri(settings.serviceUri().strip()));
    }

    private static PriceBook.Configured prices(OrchestratorConfiguration settings) {
        if (settings.pixelsPerUnit() < 1) {
            throw new IllegalArgumentException("pixelsPerUnit is " + settings.pixelsPerUnit() + ": give at least 1");
        }
        return new PriceBook.Configured(
                CurrencyPrice.parse("pricePerUnit", settings.pricePerUnit()).per(settings.pixelsPerUnit()),
                PriceTable.parse("prices", settings.prices()));
    }

    private static TicketPolicy tickets(OrchestratorConfiguration settings) {
        return TicketPolicy.of(
                settings.ticketValue(),
                settings.maxFaceValue(),
                atLeast(1, "redeemGas", settings.redeemGas()),
                settings.adjustPrice());
    }

    /** A redeemer is always called over TLS. */
    private static Optional<URI> redeemer(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create("https://" + text);
            if (uri.getHost() != null && uri.getPort() > 0 && uri.getAuthority().equals(text)) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            // refused below, with what to give instead
        }
        throw new IllegalArgumentException(
                "redeemer is no host:port: " + text + "; give one like 127.0.0.1:8935, without https:// before it");
    }

    private static Optional<URI> uri(String text) {
        try {
            if (text.isEmpty()) {
                return Optional.empty();
            }
            URI uri = URI.create(text);
            if (uri.getHost() != null) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            // refused below, with what to give instead
        }
        throw new IllegalArgumentException(
                "serviceUri is no address: " + text + "; give one like https://example.org:8935");
    }

    /** How long such a job may take, from acceptance to result. */
    Duration time(Payload payload) {
        return switch (payload) {
            case Payload.Transcode transcode -> {
                Duration said = transcode.duration().isZero() ? UNSAID_DURATION : transcode.duration();
                Duration scaled = said.multipliedBy(jobFactor);
                yield scaled.compareTo(jobFloor) > 0 ? scaled : jobFloor;
            }
            case Payload.Request request -> requestTime;
        };
    }

    private static int atLeast(int least, String key, int value) {
        if (value < least) {
            throw new IllegalArgumentException(key + " is " + value + ": give at least " + least);
        }
        return value;
    }
}
