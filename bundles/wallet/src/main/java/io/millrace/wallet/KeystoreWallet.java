package io.millrace.wallet;

import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Keccak256;
import io.millrace.wallet.curve.Curve;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The wallet of an account whose private key has been unlocked. */
public final class KeystoreWallet implements Wallet, AutoCloseable {

    /** Half the order of the curve: a signature with a greater s is one that anybody could have made of another. */
    private static final byte[] HALF_ORDER =
            HexFormat.of().parseHex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

    private final Curve curve;
    private final Curve.SigningKey key;
    private final Address address;
    private final Optional<Address> orchestrator;

    /** The wallet of an orchestrator's own account, or a gateway's. */
    public KeystoreWallet(Curve curve, Curve.SigningKey key) {
        this(curve, key, Optional.empty());
    }

    /**
     * Takes the key over: it is wiped when this is closed.
     *
     * @param orchestrator the orchestrator that the node works for; empty when it is the account itself
     */
    public KeystoreWallet(Curve curve, Curve.SigningKey key, Optional<Address> orchestrator) {
        this.orchestrator = orchestrator;
        this.curve = curve;
        this.key = key;
        byte[] hash = Keccak256.of(key.publicKey()).unsafeArray();
        this.address =
                new Address(Bytes.wrap(Arrays.copyOfRange(hash, hash.length - Address.LENGTH, hash.length)));
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Address orchestrator() {
        return orchestrator.orElse(address);
    }

    @Override
    public Bytes signDigest(Bytes digest) {
        try {
            return Bytes.wrap(key.sign(digest.unsafeArray()));
        } catch (IllegalStateException e) {
            throw new Fault(Consequence.RETRY_HERE, "account " + address + " cannot sign: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean verify(Address signer, Bytes hash, Bytes signature) {
        byte[] bytes = signature.unsafeArray();
        if (hash.size() != Curve.DIGEST || !isWellFormed(bytes)) {
            return false;
        }
        byte[] publicKey = curve.recover(Ticket.signedDigest(hash).unsafeArray(), bytes);
        if (publicKey.length == 0) {
            return false;
        }
        byte[] recovered = Keccak256.of(publicKey).unsafeArray();
        return Arrays.equals(
                recovered,
                recovered.length - Address.LENGTH,
                recovered.length,
                signer.bytes().unsafeArray(),
                0,
                Address.LENGTH);
    }

    /** Of 65 bytes, v of 27 or 28, s in the lower half, as the contract and go-livepeer want it (crypto/verify.go). */
    private static boolean isWellFormed(byte[] signature) {
        return signature.length == Curve.SIGNATURE
                && (signature[Curve.SIGNATURE - 1] == 27 || signature[Curve.SIGNATURE - 1] == 28)
                && Arrays.compareUnsigned(
                                signature, Curve.DIGEST, 2 * Curve.DIGEST, HALF_ORDER, 0, HALF_ORDER.length)
                        <= 0;
    }

    @Override
    public void close() {
        key.close();
    }

    @Override
    public String toString() {
        return "the wallet of " + address;
    }
}
