package io.millrace.kernel.gateway.find;

import io.millrace.api.network.Directory.Listing;
import io.millrace.api.value.Registration;
import io.millrace.kernel.Threads;
import io.millrace.kernel.gateway.find.Discovery.Answer;
import io.millrace.kernel.gateway.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * One round of discovery. It is over when enough were accepted, when all have answered, or by time:
 * at a timer that doubles as long as nobody serves. Who answers later is still handed on.
 */
final class Round {

    /** Who wanted the round. Called on the round's threads, never under its lock. */
    interface Sink {
        /** Somebody answered. */
        Worth answered(Answer answer);

        /** Nobody is waited for any more. */
        void over(int answered);
    }

    /** What an answer is worth to who wanted the round. */
    enum Worth {
        /** It does not serve. */
        NOTHING,
        /** It serves when there is nothing better: a round ends with it by time only. */
        SPARE,
        /** One of those wanted. */
        WANTED
    }

    private final List<Listing> asked;
    private final int wanted;
    private final Timers timers;
    private final Sink sink;
    private final Instant began;
    private Duration timer;
    private Duration elapsed = Duration.ZERO;
    private Registration alarm = () -> {};
    private int open;
    private int accepted;
    private int spare;
    private int answers;
    private boolean over;

    Round(List<Listing> asked, int wanted, Instant began, Duration firstTimer, Timers timers, Sink sink) {
        this.asked = asked;
        this.wanted = wanted;
        this.began = began;
        this.timer = firstTimer;
        this.timers = timers;
        this.sink = sink;
        this.open = asked.size();
    }

    void start(Function<Listing, Answer> quote) {
        if (asked.isEmpty()) {
            sink.over(0);
            return;
        }
        arm();
        for (Listing listing : asked) {
            Threads.virtual().name("quote " + listing.address()).start(() -> {
                Answer answer = quote.apply(listing);
                settle(answer, sink.answered(answer));
            });
        }
    }

    private void settle(Answer answer, Worth worth) {
        int told;
        synchronized (this) {
            open--;
            accepted += worth == Worth.WANTED ? 1 : 0;
            spare += worth == Worth.SPARE ? 1 : 0;
            answers += answer instanceof Answer.Silent ? 0 : 1;
            if (over || open > 0 && accepted < wanted) {
                return;
            }
            told = stop();
        }
        sink.over(told);
    }

    private synchronized void arm() {
        Duration next = timer.compareTo(Discovery.LATEST.minus(elapsed)) < 0
                ? timer
                : Discovery.LATEST.minus(elapsed);
        alarm = timers.at(began.plus(elapsed).plus(next), () -> rang(next));
    }

    private void rang(Duration waited) {
        int told;
        synchronized (this) {
            elapsed = elapsed.plus(waited);
            if (over) {
                return;
            }
            if (accepted + spare == 0 && elapsed.compareTo(Discovery.LATEST) < 0) {
                timer = timer.multipliedBy(2);
                arm();
                return;
            }
            told = stop();
        }
        sink.over(told);
    }

    private int stop() {
        over = true;
        alarm.close();
        return answers;
    }
}
