package io.millrace.kernel.payment;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;

/** Nobody in particular: signs nothing and believes everybody, as off-chain nodes do. */
public final class NoWallet implements Wallet {

    @Override
    public Address address() {
        return Address.NONE;
    }

    @Override
    public Bytes sign(Bytes digest) {
        return Bytes.EMPTY;
    }

    @Override
    public boolean verify(Address signer, Bytes digest, Bytes signature) {
        return true;
    }
}
