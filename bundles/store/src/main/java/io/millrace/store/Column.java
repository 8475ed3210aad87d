package io.millrace.store;

import java.util.Locale;

/** The columns of the journal that say what was written, in the order in which a row's hash covers them. */
enum Column {
    /** Which {@link io.millrace.api.payment.LedgerEntry} it is. */
    KIND,
    SIDE,
    /** The other side's account: of a balance, or the sender of a winning ticket. */
    PEER,
    BALANCE,
    /** Wei: of the change, the expected value of tickets sent, the face value won, or what was paid. */
    AMOUNT,
    PRICE,
    /** The last change that a balance was closed with. */
    SINCE,
    /** The recipientRandHash. */
    TERMS,
    NONCE,
    /** How many nonces were given out. */
    TICKETS,
    BLOCK,
    /** A ticket's hash. */
    TICKET,
    TX,
    NOTE,
    RECIPIENT,
    PROBABILITY,
    SEED,
    ROUND,
    ROUND_HASH,
    SIGNATURE,
    /** The recipientRand, which is in no export. */
    SECRET;

    /** Its name in the database and in exports. */
    String sql() {
        return name().toLowerCase(Locale.ROOT);
    }
}
