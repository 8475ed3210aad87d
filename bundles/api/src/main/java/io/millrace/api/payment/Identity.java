package io.millrace.api.payment;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import org.osgi.annotation.versioning.ConsumerType;

/** The account a node speaks for. Keys never leave it. */
@ConsumerType
public interface Identity {

    /** The account, {@link Address#NONE} off-chain. */
    Address address();

    /**
     * Signs a message the way nodes sign to each other: 65 bytes over the Ethereum signed-message
     * digest of {@code digest}, which is 32 bytes. Off-chain the answer is empty.
     */
    Bytes sign(Bytes digest);

    /** Whether {@code signature} over {@code digest} is that of {@code signer}. Off-chain always. */
    boolean verify(Address signer, Bytes digest, Bytes signature);
}
