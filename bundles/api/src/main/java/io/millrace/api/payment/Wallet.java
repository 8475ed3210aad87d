package io.millrace.api.payment;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The account a node speaks for. It signs digests of 32 bytes, as a KMS does; its key never leaves it. A node that has no account
 * has the kernel's own wallet of {@link Address#NONE}, which signs nothing and believes everybody, as the network
 * does off-chain. Thread-safe.
 *
 * <p>Whoever offers one for a KMS or another machine that signs: tickets, results and transactions are all signed by
 * {@link #signDigest}. A KMS answers with r and s alone, often in DER: put s into the lower half, and find v by
 * recovering the public key with both values. A ticket takes one signature, and a segment several tickets; the kernel
 * waits five seconds for a call, and then refuses the work or the payment. While the key cannot be used, withdraw the
 * service or throw: the node neither pays nor earns then, and says so.
 */
@ConsumerType
public interface Wallet {

    /** The account, {@link Address#NONE} off-chain. It is known: the call waits for nobody. */
    Address address();

    /**
     * The account of the orchestrator that this node works for: tickets are made out to it, and stake, registration
     * and fees are its. It is another one than {@link #address} where the key of the stake is kept elsewhere (a cold
     * account): this wallet cannot sign for it then. The call waits for nobody.
     */
    default Address orchestrator() {
        return address();
    }

    /**
     * Signs 32 bytes as they are: 65 bytes, r, s and v of 27 or 28, with s in the lower half, always the same for the
     * same digest (RFC 6979). Only what is itself a digest of something known is given to it, such as a transaction.
     * Off-chain the answer is empty.
     *
     * @throws io.millrace.api.value.Fault when the key cannot be used now, such as at a remote signer
     */
    Bytes signDigest(Bytes digest);

    /**
     * Signs a message the way nodes sign to each other: {@link #signDigest} of the Ethereum signed-message digest
     * (EIP-191) of {@code hash}, which is 32 bytes.
     *
     * @throws io.millrace.api.value.Fault when the key cannot be used now
     */
    default Bytes sign(Bytes hash) {
        return signDigest(Ticket.signedDigest(hash));
    }

    /** Whether {@code signature} is what {@code signer} makes of {@code hash} by {@link #sign}. Off-chain always. */
    boolean verify(Address signer, Bytes hash, Bytes signature);
}
