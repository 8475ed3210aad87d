package io.millrace.kernel.gateway.session;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Price;
import io.millrace.kernel.Threads;
import io.millrace.kernel.gateway.time.TimedCondition;
import io.millrace.kernel.gateway.time.Timers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks orchestrators for offers. An offer is a session, which belongs to who asked for it, so each pool asks for itself;
 * what bounds the calls is their number at one address, so that those to an orchestrator that is dead hold up no others.
 * A call that nobody waits for any more is interrupted. Thread-safe.
 */
public final class Discovery {

    /** After this nobody is waited for (go-livepeer: discovery/discovery.go, maxGetOrchestratorCutoffTimeout). */
    static final Duration LATEST = Duration.ofSeconds(6);

    /** How long an orchestrator with a session may take to renew it (go-livepeer: server/broadcast.go, refreshTimeout). */
    private static final Duration RENEWAL = Duration.ofMillis(2500);

    /** Calls to one address at once; further ones wait, for no longer than they are waited for. */
    private static final int MOST_CALLS = 16;

    private final Peers peers;
    private final Supplier<Address> account;
    private final Function<JobSpec, Optional<Price>> maxPrice;
    private final Timers timers;
    private final InstantSource clock;
    private final Map<URI, Semaphore> permits = new ConcurrentHashMap<>();
    /** Why an address was silent the last time it was asked; the empty text when it answered. */
    private final Map<URI, String> silences = new ConcurrentHashMap<>();

    /** What became of asking one orchestrator. */
    sealed interface Answer {

        /** Who was asked. */
        Listing listing();

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

    /** Asks over {@code peers}, in the name of {@code account}; dearer ones than {@code maxPrice} are refused. */
    public Discovery(
            Peers peers,
            Supplier<Address> account,
            Function<JobSpec, Optional<Price>> maxPrice,
            Timers timers,
            InstantSource clock) {
        this.peers = peers;
        this.account = account;
        this.maxPrice = maxPrice;
        this.timers = timers;
        this.clock = clock;
    }

    /** Begins to ask all of these, in parallel. Closing the answers gives up what is not answered yet. */
    Answers ask(JobSpec spec, List<Listing> listings) {
        Answers answers = new Answers(listings.size());
        for (Listing listing : listings) {
            answers.calls.add(Threads.virtual()
                    .name("quote " + listing.address())
                    .start(() -> answers.add(quote(listing, spec))));
        }
        return answers;
    }

    /** A reason with the orchestrator that it is of; one that names it already is enough. */
    static String named(URI address, String reason) {
        return reason.contains(address.toString()) ? reason : address + ": " + reason;
    }

    private Answer quote(Listing listing, JobSpec spec) {
        Semaphore own = permits.computeIfAbsent(listing.address(), address -> new Semaphore(MOST_CALLS, true));
        Answer answer;
        try {
            own.acquire();
            try {
                answer = quote(listing, listing.address(), spec, Optional.empty(), LATEST);
            } finally {
                own.release();
            }
        } catch (InterruptedException e) {
            return new Answer.Silent(listing, "interrupted");
        }
        if (answer instanceof Answer.Silent no && !Thread.currentThread().isInterrupted()) {
            silences.put(listing.address(), no.reason());
        }
        return answer;
    }

    /**
     * Asks an orchestrator that has a session for a new offer.
     *
     * @param balance what the session's balance is kept for
     */
    Answer renew(Listing listing, URI endpoint, JobSpec spec, BalanceId balance) {
        return quote(listing, endpoint, spec, Optional.of(balance), RENEWAL);
    }

    /** Why this orchestrator did not answer the last time; the empty text when it did; empty when it was never asked. */
    Optional<String> silence(URI address) {
        return Optional.ofNullable(silences.get(address));
    }

    private Answer quote(
            Listing listing, URI endpoint, JobSpec spec, Optional<BalanceId> balance, Duration limit) {
        Instant asked = clock.instant();
        Deadline deadline = new Deadline(asked.plus(limit));
        Optional<URI> configured = listing.configured() ? Optional.of(listing.address()) : Optional.empty();
        try (Peers.Peer peer = peers.reach(endpoint, configured, deadline)) {
            Caller caller = new Caller(account.get(), Bytes.EMPTY, balance);
            Quote quote = peer.orchestrator().quote(spec, caller, deadline);
            silences.put(listing.address(), "");
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

    private Answer judge(Listing listing, Offer offer, JobSpec spec, Duration latency) {
        if (offer.token().token().isEmpty() && offer.token().session().value().isEmpty()) {
            return new Answer.Refused(listing, "it offers no auth token", false);
        }
        if (!spec.needs().map(needs -> needs.compatibleWith(offer.capabilities())).orElse(true)) {
            return new Answer.Refused(listing, missing(spec.needs().orElseThrow(), offer.capabilities()), false);
        }
        Optional<Price> max;
        try {
            max = maxPrice.apply(spec);
        } catch (Fault e) {
            return new Answer.Refused(listing, "its price cannot be judged: " + e.getMessage(), false);
        }
        Price price = offer.price().orElse(Price.ZERO);
        if (max.isPresent() && price.perUnit().compareTo(max.get().perUnit()) > 0) {
            return new Answer.Refused(
                    listing, "its price of " + price + " is over the maximum of " + max.get(), false);
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

    /** The answers of one round, as they come. */
    final class Answers implements AutoCloseable {

        private final List<Thread> calls = new ArrayList<>();
        private final Queue<Answer> come = new ArrayDeque<>();
        private final Object lock = new Object();
        private final TimedCondition changed = new TimedCondition(lock, timers, clock);
        private int open;
        private boolean woken;

        private Answers(int open) {
            this.open = open;
        }

        /** The next one; empty when none came by {@code until}, when none is open any more, or after {@link #wake}. */
        Optional<Answer> next(Instant until) {
            changed.await(() -> !come.isEmpty() || open == 0 || woken, new Deadline(until));
            synchronized (lock) {
                woken = false;
                return Optional.ofNullable(come.poll());
            }
        }

        /** Whether all have answered, and all answers were read. */
        boolean isOver() {
            synchronized (lock) {
                return open == 0 && come.isEmpty();
            }
        }

        /** Makes whoever waits for the next one look around. */
        void wake() {
            synchronized (lock) {
                woken = true;
                changed.signal();
            }
        }

        private void add(Answer answer) {
            synchronized (lock) {
                open--;
                come.add(answer);
                changed.signal();
            }
        }

        @Override
        public void close() {
            calls.forEach(Thread::interrupt);
        }
    }
}
