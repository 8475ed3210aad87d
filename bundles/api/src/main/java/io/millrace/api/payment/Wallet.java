package io.millrace.api.payment;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The account a node speaks for. It signs digests of 32 bytes; its key never leaves it. A node that has no account
 * has the kernel's own wallet of {@link Address#NONE}, which signs nothing and believes everybody, as the network
 * does off-chain. Thread-safe.
 */
@ConsumerType
public interface Wallet {

    /** The account, {@link Address#NONE} off-chain. */
    Address address();

    /**
     * Signs a message the way nodes sign to each other: 65 bytes, r, s and v of 27 or 28, over the Ethereum
     * signed-message digest (EIP-191) of {@code digest}, which is 32 bytes. Off-chain the answer is empty.
     *
     * @throws io.millrace.api.value.Fault when the key cannot be used now, such as at a remote signer
     */
    Bytes sign(Bytes digest);

    /** Whether {@code signature} over {@code digest} is that of {@code signer}. Off-chain always. */
    boolean verify(Address signer, Bytes digest, Bytes signature);
}
