package io.millrace.ops.metrics;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvent.AttemptFailed;
import io.millrace.api.node.NodeEvent.JobRefused;
import io.millrace.api.node.NodeEvent.JobServed;
import io.millrace.api.node.NodeEvent.Misbehaved;
import io.millrace.api.node.NodeEvent.PaymentReceived;
import io.millrace.api.node.NodeEvent.PaymentStaged;
import io.millrace.api.node.NodeEvent.PriceQuoted;
import io.millrace.api.node.NodeEvent.SegmentSettled;
import io.millrace.api.node.NodeEvent.Selected;
import io.millrace.api.node.NodeEvent.SessionEnded;
import io.millrace.api.node.NodeEvent.SessionStarted;
import io.millrace.api.node.NodeEvent.StreamEnded;
import io.millrace.api.node.NodeEvent.StreamStarted;
import io.millrace.api.node.NodeEvent.Suspended;
import io.millrace.api.node.NodeEvent.TicketRedeemed;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.value.Rational;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Counts events for as long as the bundle runs, whatever becomes of the page that shows it. Thread-safe. */
@Component(service = {NodeEvents.class, NodeMeters.class})
public final class NodeMeters implements NodeEvents {

    /** Streams whose orchestrator is remembered, to see it change; beyond that the eldest goes. */
    private static final int STREAMS = 1_000;

    private static final int PEERS = 1_000;

    private static final int TRIES = 10;

    private static final double MILLION = 1e6;

    private static final int GWEI_DIGITS = 9;

    private record Peer(String address, String version) {}

    private final NetworkFamilies network = new NetworkFamilies();
    private final MillraceFamilies own = new MillraceFamilies();
    private final SuccessRate successRate = new SuccessRate();
    private final LinkedHashMap<String, URI> served = new LinkedHashMap<>();
    private final LinkedHashMap<URI, Peer> peers = new LinkedHashMap<>();
    private final LinkedHashMap<String, String> origins = new LinkedHashMap<>();
    private final LinkedHashMap<String, Rational> quoted = new LinkedHashMap<>();

    @Activate
    public NodeMeters() {}

    @Override
    public void happened(NodeEvent event) {
        switch (event) {
            case StreamStarted started -> started(started);
            case StreamEnded ended -> ended(ended);
            case Selected selected -> selected(selected);
            case AttemptFailed failed -> failed(failed);
            case Suspended suspended -> own.suspended.increment(suspended.orchestrator().toString());
            case SegmentSettled settled -> settled(settled);
            case SessionStarted _ -> own.sessionsStarted.increment();
            case SessionEnded _ -> own.sessionsEnded.increment();
            case JobServed job -> served(job);
            case Misbehaved it -> own.misbehaved.increment(it.bundle(), it.port());
            case PaymentStaged payment -> staged(payment);
            case PaymentReceived payment -> received(payment);
            case PriceQuoted quote -> quoted(quote);
            case TicketRedeemed ticket -> redeemed(ticket);
            case JobRefused refused -> own.jobsRefused.increment(refused.reason());
        }
    }

    void write(Exposition out) {
        network.all().forEach(family -> family.write(out));
        out.gauge("livepeer_success_rate", "Success rate", successRate.value());
        own.all().forEach(family -> family.write(out));
    }

    private void started(StreamStarted started) {
        if (!started.resumed()) {
            network.streamCreated.increment();
            network.streamStarted.increment();
            synchronized (origins) {
                origins.put(started.manifest().value(), started.origin());
                trim(origins, STREAMS);
            }
        }
    }

    private void ended(StreamEnded ended) {
        String stream = ended.manifest().value();
        network.streamEnded.increment();
        successRate.ended(stream);
        synchronized (served) {
            served.remove(stream);
        }
        synchronized (origins) {
            origins.remove(stream);
        }
    }

    private void selected(Selected selected) {
        for (var ranked : selected.candidates()) {
            Offer offer = ranked.candidate().offer();
            if (offer.endpoint().equals(selected.chosen()) || selected.candidates().size() == 1) {
                synchronized (peers) {
                    peers.put(
                            selected.chosen(),
                            new Peer(offer.address().toString(), offer.capabilities().version()));
                    trim(peers, PEERS);
                }
            }
        }
    }

    private void failed(AttemptFailed failed) {
        network.transcodeFailed.increment(ErrorCode.ofAttempt(failed.reason()));
        own.attemptsFailed.increment(failed.orchestrator().toString());
    }

    private void settled(SegmentSettled settled) {
        String stream = settled.manifest().value();
        network.sourceAppeared.increment("source", "regular");
        network.sourceEmerged.increment();
        network.sourceEmergedUnprocessed.increment();
        network.sourceDuration.observe(seconds(settled.duration()));
        own.sourceBytes.add(settled.sourceBytes());
        own.segmentsSettled.increment(settled.outcome());
        for (int attempt = 2; attempt <= settled.attempts(); attempt++) {
            network.transcodeRetried.increment(attempt <= TRIES ? Integer.toString(attempt) : ">" + TRIES);
        }
        boolean good = settled.outcome().equals("transcoded");
        successRate.settled(stream, good);
        if (good) {
            transcoded(settled);
        } else {
            ErrorCode.ofOutcome(settled).ifPresent(network.transcodeFailed::increment);
        }
        if (isHttp(stream) && good) {
            realtime(settled);
        }
    }

    private void transcoded(SegmentSettled settled) {
        String profiles = profiles(settled.renditions());
        String uri = settled.orchestrator().map(URI::toString).orElse("");
        Peer peer = peer(settled.orchestrator());
        network.transcoded.increment(profiles, "trusted", "unverified");
        network.transcodeTime.observe(seconds(settled.work()), profiles, "trusted", "unverified");
        if (!settled.work().isZero()) {
            network.transcodeScore.observe(
                    seconds(settled.duration()) / seconds(settled.work()), profiles, "trusted", "unverified");
        }
        network.overallLatency.observe(seconds(settled.took()), profiles, uri, peer.address(), peer.version());
        network.allAppeared.increment(profiles, uri, peer.address(), peer.version());
        network.transcodedUnprocessed.increment(profiles, uri, peer.address(), peer.version());
        settled.orchestrator().ifPresent(by -> swapped(settled.manifest().value(), by));
        network.uploaded.increment(uri);
        network.downloaded.increment();
        settled.bytes().forEach(own.renditionBytes::add);
    }

    private void swapped(String stream, URI by) {
        URI before;
        synchronized (served) {
            before = served.put(stream, by);
            trim(served, STREAMS);
        }
        if (before != null && !before.equals(by)) {
            network.orchestratorSwaps.increment();
        }
    }

    private void realtime(SegmentSettled settled) {
        if (settled.took().isZero()) {
            return;
        }
        double ratio = seconds(settled.duration()) / seconds(settled.took());
        network.realtimeRatio.observe(ratio);
        Counter step = ratio > 3
                ? network.realtime3x
                : ratio > 2 ? network.realtime2x : ratio > 1 ? network.realtime1x : ratio > 0.5 ? network.realtimeHalf : network.realtimeSlow;
        step.increment();
    }

    private void served(JobServed job) {
        own.jobWait.observe(seconds(job.waited()));
        own.jobsServed.increment(job.pipeline(), job.error().isPresent() ? "failed" : "done");
        if (job.error().isEmpty()) {
            network.milPixels.add(job.units() / MILLION);
        }
        if (!job.renditions().isEmpty()) {
            servedSegment(job);
        }
    }

    private void servedSegment(JobServed job) {
        network.sourceEmergedUnprocessed.increment();
        network.sourceDuration.observe(seconds(job.duration()));
        // The source: it is here before the job begins.
        network.downloaded.increment();
        if (job.error().isPresent()) {
            network.transcodeFailed.increment("Transcode");
            return;
        }
        String profiles = profiles(job.renditions());
        network.transcoded.increment(profiles, "trusted", "verified");
        network.transcodeTime.observe(seconds(job.took()), profiles, "trusted", "verified");
        if (!job.took().isZero()) {
            network.transcodeScore.observe(
                    seconds(job.duration()) / seconds(job.took()), profiles, "trusted", "verified");
        }
    }

    private void staged(PaymentStaged payment) {
        if (payment.error().isPresent()) {
            network.paymentCreateErrors.increment();
            return;
        }
        network.ticketValueSent.add(gwei(payment.value()));
        network.ticketsSent.add(payment.tickets());
    }

    private void received(PaymentReceived payment) {
        String sender = payment.sender().checksummed();
        network.ticketValueReceived.add(gwei(payment.value()), sender);
        network.ticketsReceived.add(payment.tickets(), sender);
        network.winningTickets.add(payment.winners(), sender);
        payment.error().ifPresent(reason -> network.paymentReceiveErrors.increment(reason, sender));
    }

    private void quoted(PriceQuoted quote) {
        synchronized (quoted) {
            String sender = quote.sender().checksummed();
            quoted.remove(sender);
            quoted.put(sender, quote.price().perUnit());
            trim(quoted, Family.SERIES);
        }
    }

    /** The last price that each gateway was quoted, of those that asked last. */
    Map<String, Rational> quoted() {
        synchronized (quoted) {
            return new LinkedHashMap<>(quoted);
        }
    }

    private void redeemed(TicketRedeemed ticket) {
        if (ticket.error().isPresent()) {
            network.redemptionErrors.increment();
        } else {
            network.valueRedeemed.add(gwei(ticket.paid().toRational()), ticket.sender().checksummed());
        }
    }

    private static double gwei(Rational wei) {
        return decimal(wei).movePointLeft(GWEI_DIGITS).doubleValue();
    }

    /** For a figure that is shown: nothing is decided by it. */
    static double number(Rational wei) {
        return decimal(wei).doubleValue();
    }

    private static BigDecimal decimal(Rational wei) {
        return new BigDecimal(wei.numerator()).divide(new BigDecimal(wei.denominator()), MathContext.DECIMAL64);
    }

    private static String profiles(List<String> renditions) {
        return String.join(",", renditions.stream().sorted().toList());
    }

    private boolean isHttp(String stream) {
        synchronized (origins) {
            return "http".equals(origins.get(stream));
        }
    }

    private Peer peer(Optional<URI> orchestrator) {
        synchronized (peers) {
            return orchestrator.map(peers::get).orElse(new Peer("", ""));
        }
    }

    private static <K, V> void trim(LinkedHashMap<K, V> map, int most) {
        while (map.size() > most) {
            map.pollFirstEntry();
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
