package io.millrace.kernel.payment;

import io.millrace.api.payment.Ledger.PendingWinner;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Winning tickets that are left alone for a while after a try that failed: twice as long with each further one of the
 * same cause, up to the longest. They are those of this process; after a restart each is tried again. Thread-safe.
 */
final class Pauses {

    private static final int MOST_DOUBLINGS = 12;

    private final InstantSource clock;
    private final Duration longest;
    private final Map<Bytes, Pause> pauses = new ConcurrentHashMap<>();

    private record Pause(Address sender, Instant until, int failures, Object cause) {}

    Pauses(InstantSource clock, Duration longest) {
        this.clock = clock;
        this.longest = longest;
    }

    /** Whether a ticket may be tried now. */
    boolean isOver(WinningTicket ticket) {
        Pause pause = pauses.get(ticket.hash());
        return pause == null || !clock.instant().isBefore(pause.until());
    }

    /**
     * A try has failed.
     *
     * @param first the pause after the first failure of this cause
     * @return how many failures of this cause there were before, one after the other
     */
    int begin(WinningTicket ticket, Object cause, Duration first) {
        Pause begun = pauses.compute(ticket.hash(), (hash, before) -> {
            int failures = before == null || !before.cause().equals(cause)
                    ? 0
                    : Math.min(before.failures() + 1, MOST_DOUBLINGS);
            Duration wait = first.multipliedBy(1L << failures);
            Duration bounded = wait.compareTo(longest) > 0 ? longest : wait;
            return new Pause(ticket.ticket().sender(), clock.instant().plus(bounded), failures, cause);
        });
        return begun.failures();
    }

    /** What waits for this cause waits no longer, of this sender. */
    void end(Address sender, Object cause) {
        pauses.values().removeIf(pause -> pause.cause().equals(cause) && pause.sender().equals(sender));
    }

    /** Forgets all others. */
    void keep(List<PendingWinner> winners) {
        Set<Bytes> known = new HashSet<>();
        winners.forEach(winner -> known.add(winner.ticket().hash()));
        pauses.keySet().retainAll(known);
    }
}
