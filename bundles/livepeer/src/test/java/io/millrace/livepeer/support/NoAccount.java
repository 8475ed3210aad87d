package io.millrace.livepeer.support;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;

/** A node without an account: it signs nothing and believes everybody, as the network does off-chain. */
public final class NoAccount implements Wallet {

    @Override
    public Address address() {
        return Address.NONE;
    }

    @Override
    public Bytes signDigest(Bytes digest) {
        return Bytes.EMPTY;
    }

    @Override
    public boolean verify(Address signer, Bytes digest, Bytes signature) {
        return true;
    }
}
