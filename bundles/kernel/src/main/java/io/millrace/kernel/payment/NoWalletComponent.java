package io.millrace.kernel.payment;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import org.osgi.service.component.annotations.Component;

/**
 * The wallet of a node that has no wallet: it signs nothing and believes everybody, as off-chain nodes do. Any other
 * wallet that is offered ranks higher.
 */
@Component(service = Wallet.class, property = "service.ranking:Integer=-1000")
public final class NoWalletComponent implements Wallet {

    @Override
    public Address address() {
        return Address.NONE;
    }

    @Override
    public Bytes signDigest(Bytes digest) {
        return Bytes.EMPTY;
    }

    @Override
    public boolean verify(Address signer, Bytes hash, Bytes signature) {
        return true;
    }
}
