package io.millrace.kernel.gateway.find;

import io.millrace.api.network.Directory.Listing;
import io.millrace.api.value.Registration;
import io.millrace.kernel.gateway.find.Discovery.Answer;
import io.millrace.kernel.gateway.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * One round of discovery. It is over when enough were accepted, when all have answered, or by time:
 * at a timer that doubles as long as nobody was accepted. Who answers later is still handed on.
 */
final class Round {

    /** Who wanted the round. Called on the round's threads, never under its lock. */
    interface Sink {
        /** Somebody answered. Tells whether it counts as one of those wanted. */
        boolean answered(Answer answer);

        /** Nobody is waited for any more. */
        void over(int answered);
    }

    private final List<Listing> asked;
    private final int wanted;
    private final Timers timers;
    private final Sink sink;
    private Duration timer;
    private Duration elapsed = Duration.ZERO;
    private Registration alarm = () -> {};
    private int open;
    private int accepted;
    private int answers;
    private boolean over;

    Round(List<Listing> asked, int wanted, Duration firstTimer, Timers timers, Sink sink) {
        this.asked = asked;
        this.wanted = wanted;
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
            Thread.ofVirtual().name("quote " + listing.address()).start(() -> {
                Answer answer = quote.apply(listing);
                settle(answer, sink.answered(answer));
            });
        }
    }

    private void settle(Answer answer, boolean counts) {
        int told;
        synchronized (this) {
            open--;
            accepted += counts ? 1 : 0;
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
        alarm = timers.after(next, () -> rang(next));
    }

    private void rang(Duration waited) {
        int told;
        synchronized (this) {
            elapsed = elapsed.plus(waited);
            if (over) {
                return;
            }
            if (accepted == 0 && elapsed.compareTo(Discovery.LATEST) < 0) {
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
