package io.millrace.kernel.gateway.find;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.value.Registration;
import io.millrace.kernel.gateway.find.Discovery.Answer;
import io.millrace.kernel.gateway.time.Timers;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows whether any orchestrator answers, so that an operator sees it before the first stream comes.
 * Asks around until one answers, and again when a round of some stream found nobody.
 */
public final class Reachability implements AutoCloseable {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Discovery discovery;
    private final Timers timers;
    private final InstantSource clock;
    private final Map<URI, String> silent = new ConcurrentHashMap<>();
    private Registration next = () -> {};
    private Duration pause = FIRST_PAUSE;
    private boolean asking;
    private boolean reached;
    private boolean closed;

    /** Watches what {@code discovery} finds; asks nobody before {@link #begin}. */
    public Reachability(Discovery discovery, Timers timers, InstantSource clock) {
        this.discovery = discovery;
        this.timers = timers;
        this.clock = clock;
        discovery.watch(this::roundOver);
    }

    /** Asks around until somebody answers. Harmless when it already does. */
    public void begin() {
        synchronized (this) {
            if (asking || reached || closed) {
                return;
            }
            asking = true;
            next.close();
        }
        discovery.ask(JobSpec.anything(), address -> false, 1, new Round.Sink() {
            @Override
            public Round.Worth answered(Answer answer) {
                return note(answer) ? Round.Worth.WANTED : Round.Worth.NOTHING;
            }

            @Override
            public void over(int answered) {
                askAgain();
            }
        });
    }

    /** What keeps jobs from being sent, one line each; empty when somebody answers. */
    public List<String> cautions() {
        List<Listing> listings = discovery.listings();
        if (listings.isEmpty()) {
            return List.of("no orchestrator is named: set orchestrators, such as https://host:8935");
        }
        synchronized (this) {
            if (reached) {
                return List.of();
            }
        }
        Map<URI, String> why = new TreeMap<>(silent);
        why.keySet().retainAll(listings.stream().map(Listing::address).toList());
        return List.of("no orchestrator answers"
                + (why.isEmpty()
                        ? " yet"
                        : ": " + why.entrySet().iterator().next().getKey() + ": "
                                + why.entrySet().iterator().next().getValue()));
    }

    @Override
    public synchronized void close() {
        closed = true;
        next.close();
    }

    private boolean note(Answer answer) {
        switch (answer) {
            case Answer.Found found -> silent.remove(found.listing().address());
            case Answer.Refused refused -> silent.remove(refused.listing().address());
            case Answer.Silent no -> silent.put(no.listing().address(), no.reason());
        }
        return !(answer instanceof Answer.Silent);
    }

    private void roundOver(int answered, boolean everybody) {
        synchronized (this) {
            if (answered > 0) {
                reached = true;
                pause = FIRST_PAUSE;
                return;
            }
            if (!everybody || asking) {
                return;
            }
            reached = false;
        }
        askAgain();
    }

    private synchronized void askAgain() {
        asking = false;
        if (reached || closed) {
            return;
        }
        next.close();
        next = timers.at(clock.instant().plus(pause), this::begin);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
}
