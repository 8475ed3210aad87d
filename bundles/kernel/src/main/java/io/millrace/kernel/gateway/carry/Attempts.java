package io.millrace.kernel.gateway.carry;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.gateway.find.Choice;
import io.millrace.kernel.gateway.find.Flight;
import io.millrace.kernel.gateway.find.SessionPool;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Tries a job at one orchestrator after the other until it is done, hopeless, or tried often enough. */
public final class Attempts {

    /** The network's: an attempt on a segment shorter than this is scored as if it were this long. */
    private static final Duration LEAST_SCORED = Duration.ofMillis(1500);

    private final NodeEvents events;
    private final InstantSource clock;

    /** Tells {@code events} who was chosen and what failed. */
    public Attempts(NodeEvents events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    /**
     * What is to be done.
     *
     * @param manifest and sequence name it in events
     * @param length seconds of media in it
     * @param allowed for each attempt, choosing included
     * @param most attempts; being turned away by a full orchestrator is none
     * @param cancelled asked before each attempt
     */
    public record Errand(
            ManifestId manifest,
            long sequence,
            JobSpec spec,
            Duration length,
            Duration allowed,
            int most,
            BooleanSupplier cancelled) {}

    /** An errand at one session, by a deadline. */
    @FunctionalInterface
    public interface Attempt<T> {
        Tried<T> at(Flight flight, Deadline deadline);
    }

    /** Tries until there is an outcome. */
    public <T> Outcome<T> run(SessionPool pool, Errand errand, Attempt<T> attempt) {
        Set<URI> shunned = new HashSet<>();
        Deadline patience = Deadline.in(errand.allowed(), clock);
        int tried = 0;
        String last = "";
        while (tried < errand.most()) {
            if (errand.cancelled().getAsBoolean()) {
                return new Outcome.Cancelled<>(tried);
            }
            Choice choice =
                    pool.choose(new SessionPool.Wish(errand.spec(), errand.length(), Set.copyOf(shunned), patience));
            if (errand.cancelled().getAsBoolean()) {
                if (choice instanceof Choice.Chosen chosen) {
                    chosen.flight().kept(Optional.empty());
                }
                return new Outcome.Cancelled<>(tried);
            }
            switch (choice) {
                case Choice.Nobody nobody -> {
                    return new Outcome.NoSession<>(nobody.why(), tried);
                }
                case Choice.Chosen chosen -> {
                    Flight flight = chosen.flight();
                    select(errand, flight, chosen.candidates());
                    Tried<T> result = tryOnce(flight, errand, pool, attempt);
                    switch (result) {
                        case Tried.Good<T> good -> {
                            flight.done(score(good.work(), errand.length()), good.next());
                            return new Outcome.Success<>(
                                    good.value(), flight.orchestrator(), good.work(), tried + 1);
                        }
                        case Tried.Bad<T> bad -> {
                            last = bad.message();
                            tried += bad.verdict() == Verdict.FULL ? 0 : 1;
                            Optional<Outcome<T>> end = land(errand, flight, bad, tried, shunned);
                            if (end.isPresent()) {
                                return end.get();
                            }
                            if (bad.verdict() != Verdict.FULL) {
                                patience = Deadline.in(errand.allowed(), clock);
                            }
                        }
                    }
                }
            }
        }
        return new Outcome.Exhausted<>(last, tried);
    }

    private <T> Tried<T> tryOnce(Flight flight, Errand errand, SessionPool pool, Attempt<T> attempt) {
        if (pool.dueForRenewal(flight)) {
            Optional<Tried<T>> no = renew(flight, pool.tokenHolds(flight));
            if (no.isPresent()) {
                return no.get();
            }
        }
        Tried<T> first = attempt.at(flight, Deadline.in(errand.allowed(), clock));
        if (first instanceof Tried.Bad<T> bad && bad.verdict() == Verdict.RENEW) {
            failed(errand, flight, bad.message());
            return this.<T>renew(flight, false).orElseGet(() -> again(flight, errand, attempt));
        }
        return first;
    }

    private <T> Tried<T> again(Flight flight, Errand errand, Attempt<T> attempt) {
        Tried<T> second = attempt.at(flight, Deadline.in(errand.allowed(), clock));
        return second instanceof Tried.Bad<T> bad && bad.verdict() == Verdict.RENEW
                ? new Tried.Bad<>(Verdict.SUSPEND, bad.message())
                : second;
    }

    private <T> Optional<Tried<T>> renew(Flight flight, boolean holds) {
        Optional<Flight.Trouble> trouble = flight.renew();
        if (trouble.isEmpty() || trouble.get().busy() && holds) {
            return Optional.empty();
        }
        Verdict verdict = trouble.get().busy() ? Verdict.FULL : Verdict.SUSPEND;
        return Optional.of(new Tried.Bad<>(verdict, trouble.get().message()));
    }

    private <T> Optional<Outcome<T>> land(
            Errand errand, Flight flight, Tried.Bad<T> bad, int tried, Set<URI> shunned) {
        if (errand.cancelled().getAsBoolean() || Thread.currentThread().isInterrupted()) {
            flight.kept(bad.next());
            return Optional.of(new Outcome.Cancelled<>(tried));
        }
        failed(errand, flight, bad.message());
        switch (bad.verdict()) {
            case HOPELESS -> {
                flight.kept(bad.next());
                return Optional.of(new Outcome.Hopeless<>(bad.message(), tried));
            }
            case FULL -> flight.full(bad.message(), bad.next());
            case HERE -> flight.kept(bad.next());
            case ELSEWHERE -> {
                flight.kept(bad.next());
                shunned.add(flight.orchestrator());
            }
            case RENEW, SUSPEND, CANCELLED -> flight.suspend(bad.message());
        }
        return Optional.empty();
    }

    private void select(Errand errand, Flight flight, List<Ranked> candidates) {
        events.happened(
                new NodeEvent.Selected(errand.manifest(), errand.sequence(), flight.orchestrator(), candidates));
    }

    private void failed(Errand errand, Flight flight, String reason) {
        events.happened(
                new NodeEvent.AttemptFailed(errand.manifest(), errand.sequence(), flight.orchestrator(), reason));
    }

    private static double score(Duration work, Duration length) {
        Duration scored = length.compareTo(LEAST_SCORED) > 0 ? length : LEAST_SCORED;
        return (double) work.toNanos() / scored.toNanos();
    }
}
