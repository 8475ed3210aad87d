package io.millrace.kernel.gateway.find;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.kernel.gateway.reach.Peers;
import io.millrace.kernel.gateway.time.Timers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Knows whom all directories list, and asks them. */
public final class Discovery {

    /** After this nobody is waited for: the network's own limit. */
    static final Duration LATEST = Duration.ofSeconds(6);

    /** How long an orchestrator with a session may take to renew it: the network's own limit. */
    static final Duration RENEWAL = Duration.ofMillis(2500);

    private static final int PARALLEL_QUOTES = 32;

    private final Listings listings;
    private final Peers peers;
    private final Timers timers;
    private final InstantSource clock;
    private final Supplier<Duration> firstTimer;
    private final Semaphore asking = new Semaphore(PARALLEL_QUOTES, true);
    private volatile Lookout lookout = (answered, everybody) -> {};

    /** Is told after each round how many answered at all, and whether everybody listed was asked. */
    @FunctionalInterface
    interface Lookout {
        void roundOver(int answered, boolean everybody);
    }

    /** What became of asking one orchestrator. */
    sealed interface Answer {
        /** It offers what is needed. */
        record Found(Listing listing, Offer offer, Duration latency) implements Answer {

            /** Where to submit: what it says of itself, but a local one stays local. */
            URI endpoint() {
                return Peers.isLocal(listing.address()) ? listing.address() : offer.endpoint();
            }
        }

        /** It answers, and does not offer what is needed now. */
        record Refused(Listing listing, String reason, boolean busy) implements Answer {}

        /** It does not answer. */
        record Silent(Listing listing, String reason) implements Answer {}
    }

    /**
     * Asks over {@code peers}.
     *
     * @param firstTimer how long a round waits before it is content with whoever answered
     */
    public Discovery(
            Listings listings,
            Peers peers,
            Timers timers,
            InstantSource clock,
            Supplier<Duration> firstTimer) {
        this.listings = listings;
        this.peers = peers;
        this.timers = timers;
        this.clock = clock;
        this.firstTimer = firstTimer;
    }

    void watch(Lookout newLookout) {
        lookout = newLookout;
    }

    /** Everybody who is listed, each address once. */
    public List<Listing> listings() {
        return listings.all();
    }

    /** Begins a round: asks everybody who is not {@code known}, in parallel. */
    void ask(JobSpec spec, Predicate<URI> known, int wanted, Round.Sink sink) {
        List<Listing> listed = listings();
        List<Listing> asked = listed.stream()
                .filter(listing -> !known.test(listing.address()))
                .toList();
        Round round = new Round(asked, wanted, clock.instant(), firstTimer.get(), timers, new Round.Sink() {
            @Override
            public Round.Worth answered(Answer answer) {
                return sink.answered(answer);
            }

            @Override
            public void over(int answered) {
                lookout.roundOver(answered, asked.size() == listed.size());
                sink.over(answered);
            }
        });
        round.start(listing -> quote(listing, spec));
    }

    /** Asks an orchestrator that has a session for a new one. */
    Answer renew(Listing listing, URI endpoint, JobSpec spec) {
        return quote(Listing.at(endpoint).trust(listing.trust()).build(), spec, RENEWAL);
    }

    private Answer quote(Listing listing, JobSpec spec) {
        try {
            asking.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Silent(listing, "interrupted");
        }
        try {
            return quote(listing, spec, LATEST);
        } finally {
            asking.release();
        }
    }

    private Answer quote(Listing listing, JobSpec spec, Duration limit) {
        Instant asked = clock.instant();
        Deadline deadline = new Deadline(asked.plus(limit));
        try (Peers.Peer peer = peers.reach(listing.address(), deadline)) {
            Quote quote = peer.orchestrator().quote(spec, Caller.ANONYMOUS, deadline);
            return switch (quote) {
                case Refusal refusal -> new Answer.Refused(
                        listing, refusal.message(), refusal.reason().isBusy());
                case Offer offer -> judge(listing, offer, spec, Duration.between(asked, clock.instant()));
            };
        } catch (Fault e) {
            return new Answer.Silent(listing, e.getMessage());
        } catch (RuntimeException e) {
            return new Answer.Silent(listing, "the call failed: " + e);
        }
    }

    private static Answer judge(Listing listing, Offer offer, JobSpec spec, Duration latency) {
        if (offer.token().token().isEmpty() && offer.token().session().value().isEmpty()) {
            return new Answer.Refused(listing, "it offers no auth token", false);
        }
        if (!spec.needs().map(needs -> needs.compatibleWith(offer.capabilities())).orElse(true)) {
            return new Answer.Refused(listing, missing(spec.needs().orElseThrow(), offer.capabilities()), false);
        }
        return new Answer.Found(listing, offer, latency);
    }

    private static String missing(Capabilities needs, Capabilities offered) {
        List<Integer> lacking =
                needs.ids().stream().filter(id -> !offered.has(id)).toList();
        return lacking.isEmpty()
                ? "its version '" + offered.version() + "' or its models do not suit"
                : "it lacks capabilities " + lacking;
    }
}
