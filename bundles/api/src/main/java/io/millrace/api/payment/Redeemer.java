package io.millrace.api.payment;

import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import java.math.BigInteger;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Redeems winning tickets for orchestrators that do not do so themselves: this node, or one elsewhere. Thread-safe.
 */
@ConsumerType
public interface Redeemer {

    /**
     * Takes a ticket over. A redeemer that answers with nothing has it on disk and redeems it once its terms have
     * expired. One that it has already is taken again, and changes nothing.
     *
     * @return why it is not taken; it may be later
     * @throws io.millrace.api.value.Fault when the redeemer cannot be asked, or does not know whether it has the ticket:
     *     hand it over again
     */
    Optional<Refused> take(WinningTicket ticket, Deadline deadline);

    /**
     * The most that a winning ticket of a sender can be sure to be paid, in wei, given what is being redeemed already;
     * zero or less for no ticket at all.
     *
     * @throws io.millrace.api.value.Fault when that is not known
     */
    BigInteger maxFloat(Address sender, Deadline deadline);

    /**
     * Asks to be told when {@link #maxFloat} of a sender may be another than before. It is a hint to ask again; several
     * changes may come as one. {@code changed} is run on any thread and returns at once.
     *
     * @return closing it ends the telling; a redeemer that cannot tell, as one elsewhere, has nothing to end
     */
    default Registration watch(Address sender, Runnable changed) {
        return () -> {};
    }

    /**
     * A ticket that is not taken.
     *
     * @param message for the operator of the orchestrator
     */
    record Refused(Reason reason, String message) {}

    /** Why not. */
    enum Reason {
        /** It pays an account that this redeemer does not redeem for. */
        RECIPIENT,
        /** Something is wrong with it, so that the contract would not take it. */
        TICKET,
        /** Too many wait. */
        FULL,
        /** What else a redeemer elsewhere may say. */
        OTHER
    }
}
