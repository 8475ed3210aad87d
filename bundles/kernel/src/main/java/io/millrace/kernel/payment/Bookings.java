package io.millrace.kernel.payment;

import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;

/**
 * Bookings of work that is over, which nobody waits for and which must not be lost. One that cannot be written now is
 * kept and written before anything else is staged or received; who cannot write it begins nothing new, so that only
 * jobs that run already can add to what is kept. Thread-safe.
 */
final class Bookings {

    private final MoneyPorts ports;
    private final Deque<Function<Ledger, List<LedgerEntry>>> kept = new ConcurrentLinkedDeque<>();

    Bookings(MoneyPorts ports) {
        this.ports = ports;
    }

    /** Writes it if the ledger is there, without waiting for one. */
    void book(Function<Ledger, List<LedgerEntry>> entries) {
        kept.addLast(entries);
        try {
            write(new Deadline(ports.clock().instant()));
        } catch (Fault e) {
            // kept for the next one who writes
        }
    }

    /**
     * Writes what is kept.
     *
     * @throws Fault when that is not possible now
     */
    void write(Deadline deadline) {
        for (var next = kept.pollFirst(); next != null; next = kept.pollFirst()) {
            boolean written = false;
            var booking = next;
            try {
                ports.ledger(
                        deadline, ledger -> ledger.append(ports.clock().instant(), booking.apply(ledger)));
                written = true;
            } finally {
                if (!written) {
                    kept.addFirst(booking);
                }
            }
        }
    }
}
