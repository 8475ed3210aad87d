package io.millrace.kernel.orchestrator;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;

/** A wallet with an address, whose signature is the digest itself. */
final class AddressWallet implements Wallet {

    static final Address ADDRESS = new Address(Bytes.hex("ff112233445566778899aabbccddeeff00112233"));

    /** Thrown instead of signing, unless null. */
    volatile RuntimeException failure;

    @Override
    public Address address() {
        return ADDRESS;
    }

    @Override
    public Bytes signDigest(Bytes digest) {
        throw new AssertionError("an orchestrator signs messages only");
    }

    @Override
    public Bytes sign(Bytes digest) {
        if (failure != null) {
            throw failure;
        }
        return digest;
    }

    @Override
    public boolean verify(Address signer, Bytes digest, Bytes signature) {
        return signature.equals(digest);
    }
}
