package io.millrace.api.orchestrator;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;

/**
 * Who asks.
 *
 * @param address the account that pays, {@link Address#NONE} off-chain
 * @param signature over the address, empty off-chain
 */
public record Caller(Address address, Bytes signature) {

    /** Nobody in particular, as off-chain. */
    public static final Caller ANONYMOUS = new Caller(Address.NONE, Bytes.EMPTY);
}
