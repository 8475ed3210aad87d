package io.millrace.api.orchestrator;

import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import java.util.Optional;

/**
 * Who asks for an offer.
 *
 * @param address the account that pays, {@link Address#NONE} off-chain
 * @param signature over the address, empty off-chain
 * @param balance what the caller's balance is kept for, where it has one already: the price that was pinned for it
 *     holds
 */
public record Caller(Address address, Bytes signature, Optional<BalanceId> balance) {

    /** Nobody in particular, as off-chain. */
    public static final Caller ANONYMOUS = new Caller(Address.NONE, Bytes.EMPTY, Optional.empty());
}
