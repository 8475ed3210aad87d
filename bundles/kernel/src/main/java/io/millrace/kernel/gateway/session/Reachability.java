package io.millrace.kernel.gateway.session;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.Threads;
import io.millrace.kernel.gateway.time.TimedCondition;
import io.millrace.kernel.gateway.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Knows whether any orchestrator answers, so that an operator sees it before the first stream comes. As long as
 * nobody answers, it asks around on a thread of its own, with growing pauses.
 */
public final class Reachability implements AutoCloseable {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Discovery discovery;
    private final Listings listings;
    private final InstantSource clock;
    private final Object lock = new Object();
    private final TimedCondition changed;
    private boolean begun;

    /** Somebody may be new. */
    private boolean look;

    private boolean closed;

    /** Asks nobody before {@link #lookAround}. */
    public Reachability(Discovery discovery, Listings listings, Timers timers, InstantSource clock) {
        this.discovery = discovery;
        this.listings = listings;
        this.clock = clock;
        changed = new TimedCondition(lock, timers, clock);
    }

    /** Asks around now, unless somebody answers already. */
    public void lookAround() {
        synchronized (lock) {
            if (!begun && !closed) {
                begun = true;
                Threads.virtual().name("reachability").start(this::run);
            } else {
                look = true;
                changed.signal();
            }
        }
    }

    /** What keeps jobs from being sent, one line each; empty when somebody answers. */
    public List<String> cautions() {
        List<Listing> listed = listings.all();
        if (listed.isEmpty()) {
            return List.of("no orchestrator is named: set orchestrators, such as https://host:8935");
        }
        if (anybodyAnswers(listed)) {
            return List.of();
        }
        return List.of(listed.stream()
                .filter(listing -> discovery.silence(listing.address()).isPresent())
                .findFirst()
                .map(listing -> "no orchestrator answers: "
                        + Discovery.named(listing.address(), discovery.silence(listing.address()).orElse("")))
                .orElse("no orchestrator answers yet"));
    }

    private boolean anybodyAnswers(List<Listing> listed) {
        return listed.stream().anyMatch(listing -> discovery.silence(listing.address()).equals(Optional.of("")));
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (true) {
            List<Listing> listed = listings.all();
            boolean answers = anybodyAnswers(listed) || ask(listed);
            Duration wait = answers ? LONGEST_PAUSE : pause;
            Duration doubled = pause.multipliedBy(2);
            pause = answers ? FIRST_PAUSE : doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
            changed.await(() -> look || closed, Deadline.in(wait, clock));
            synchronized (lock) {
                if (closed) {
                    return;
                }
                pause = look ? FIRST_PAUSE : pause;
                look = false;
            }
        }
    }

    /** Whether somebody answers. */
    private boolean ask(List<Listing> listed) {
        Instant latest = clock.instant().plus(Discovery.LATEST);
        try (Discovery.Answers answers = discovery.ask(JobSpec.anything(), listed)) {
            while (!answers.isOver() && clock.instant().isBefore(latest)) {
                answers.next(latest);
                if (anybodyAnswers(listed) || isClosed()) {
                    return true;
                }
            }
            return false;
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            changed.signal();
        }
    }
}
