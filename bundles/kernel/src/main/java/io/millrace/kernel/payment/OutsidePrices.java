package io.millrace.kernel.payment;

import io.millrace.api.job.JobSpec;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.payment.PriceSource;
import io.millrace.api.payment.PriceSource.Answer;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.payment.PriceBook.Work;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a price source outside of the node has said. Each answer holds for a minute; while the source fails, the last one
 * goes on holding. Gateways choose how often it is asked, so that few are asked for at once and none twice. Thread-safe.
 */
public final class OutsidePrices {

    private static final Duration HOLDS = Duration.ofMinutes(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    /** An offer waits for it, and gateways of the network give an offer about half a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final int AT_ONCE = 16;
    private static final int MOST_KEPT = 10_000;

    /** Longest text of a job's models that is asked about. */
    private static final int LONGEST = 1000;

    private final Leased<PriceSource> sources;
    private final Foreign calls;
    private final InstantSource clock;
    private final Set<Question> asking = new HashSet<>();
    private final Map<Question, Said> said = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Said> eldest) {
            return size() > MOST_KEPT;
        }
    };
    private volatile boolean hadSource;
    private volatile Optional<String> trouble = Optional.empty();

    private record Question(Address gateway, List<Work> works) {}

    /**
     * What was said.
     *
     * @param price empty when the configured price counts
     * @param until when it is asked again
     * @param trouble why it could not be asked again; empty when it could
     */
    record Said(Optional<CurrencyPrice> price, Instant until, Optional<String> trouble) {}

    /** Asks the best of these sources. */
    public OutsidePrices(Leased<PriceSource> sources, NodeEvents events, InstantSource clock) {
        this.sources = sources;
        this.calls = new Foreign("price source", events);
        this.clock = clock;
    }

    /** What it says, asked when that is due; empty when there is no source. */
    Optional<Said> ask(Address gateway, JobSpec spec) {
        if (isSilent()) {
            return Optional.empty();
        }
        Question question = new Question(gateway, PriceBook.works(spec));
        Optional<Said> before = last(question);
        if (before.isPresent() && clock.instant().isBefore(before.get().until())) {
            return before;
        }
        if (question.works().toString().length() > LONGEST) {
            throw new Fault(Consequence.GIVE_UP, "the names of the models are too long for the price source");
        }
        Deadline deadline = Deadline.in(PATIENCE.multipliedBy(2), clock);
        begin(question, deadline);
        try {
            before = last(question);
            if (before.isPresent() && clock.instant().isBefore(before.get().until())) {
                return before;
            }
            Said now = ask(question, spec, before);
            trouble = now.trouble();
            synchronized (said) {
                said.put(question, now);
            }
            return Optional.of(now);
        } finally {
            end(question);
        }
    }

    /** What it has said, even if that is long ago; empty when there is no source. */
    Optional<Said> known(Address gateway, JobSpec spec) {
        return isSilent()
                ? Optional.empty()
                : Optional.of(last(new Question(gateway, PriceBook.works(spec)))
                        .orElseGet(() -> unasked(Optional.empty(), "it has not been asked about this gateway")));
    }

    /** A source that was there and is gone, as while its bundle is replaced, is missing: its prices are not free. */
    private boolean isSilent() {
        List<PriceSource> all = sources.instances();
        if (!all.isEmpty()) {
            hadSource = all.stream().anyMatch(PriceSource::isConfigured);
        }
        return !hadSource;
    }

    private Optional<Said> last(Question question) {
        synchronized (said) {
            return Optional.ofNullable(said.get(question));
        }
    }

    /** Waits for who asks the same, and for a place; whoever asks twice at once gets no other price for that. */
    private void begin(Question question, Deadline deadline) {
        try {
            synchronized (asking) {
                while (asking.contains(question) || asking.size() >= AT_ONCE) {
                    if (deadline.expired(clock)) {
                        throw new Fault(Consequence.BUSY, "the price source is being asked too much at once");
                    }
                    asking.wait(Math.max(1, deadline.remaining(clock).toMillis()));
                }
                asking.add(question);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Consequence.GIVE_UP, "interrupted while the price source is asked", e);
        }
    }

    private void end(Question question) {
        synchronized (asking) {
            asking.remove(question);
            asking.notifyAll();
        }
    }

    private Said unasked(Optional<Said> before, String why) {
        return new Said(before.flatMap(Said::price), clock.instant().plus(AFTER_FAILURE), Optional.of(why));
    }

    private Said ask(Question question, JobSpec spec, Optional<Said> before) {
        record Answered(Optional<Answer> answer, Fault fault) {}
        Optional<Lease<PriceSource>> source = sources.takeNow(PriceSource::isConfigured);
        if (source.isEmpty()) {
            return unasked(before, "it is not there: its bundle is missing");
        }
        try (Lease<PriceSource> lease = source.get()) {
            Answered answered = calls.call(lease, PATIENCE.multipliedBy(2), instance -> {
                try {
                    return new Answered(instance.price(question.gateway(), spec, Deadline.in(PATIENCE, clock)), null);
                } catch (Fault e) {
                    return new Answered(Optional.empty(), e);
                }
            });
            return answered.fault() != null
                    ? unasked(before, answered.fault().getMessage())
                    : new Said(answered.answer().map(OutsidePrices::price), clock.instant().plus(HOLDS), Optional.empty());
        } catch (RuntimeException e) {
            return unasked(before, String.valueOf(e.getMessage()));
        }
    }

    private static CurrencyPrice price(Answer answer) {
        if (answer.perUnit().signum() < 0) {
            throw new IllegalArgumentException("it says a negative price");
        }
        String currency = answer.currency().toUpperCase(Locale.ROOT);
        return new CurrencyPrice(answer.perUnit(), currency, answer.perUnit() + " " + currency + " for a unit");
    }

    /** What is wrong with it; empty when nothing is. */
    Optional<String> caution() {
        return trouble.filter(what -> !isSilent()).map(what -> "the price source fails, so that its last answer or the configured price counts: " + what);
    }
}
