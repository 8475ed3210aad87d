package io.millrace.kernel.payment;

import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.TermsExpired;
import java.math.BigInteger;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Says now and then which nonces the ledger may forget. Thread-safe. */
final class ExpiredTerms {

    /** Layer 1 blocks that terms hold for; also how often nonces are forgotten. */
    static final long LIFETIME = 40;

    private final AtomicLong forgotten = new AtomicLong();

    /** The entry to write along with others, if it is time for one. */
    Optional<LedgerEntry> due(long l1Block) {
        long last = forgotten.get();
        return l1Block >= last + LIFETIME && forgotten.compareAndSet(last, l1Block)
                ? Optional.of(new TermsExpired(BigInteger.valueOf(l1Block)))
                : Optional.empty();
    }
}
