package io.millrace.kernel.payment;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import org.osgi.service.component.annotations.Component;

/** The wallet of a node that has no wallet: any other that is offered ranks higher. */
@Component(service = Wallet.class, property = "service.ranking:Integer=-1000")
public final class NoWalletComponent implements Wallet {

    private final Wallet nobody = new NoWallet();

    @Override
    public Address address() {
        return nobody.address();
    }

    @Override
    public Bytes sign(Bytes digest) {
        return nobody.sign(digest);
    }

    @Override
    public boolean verify(Address signer, Bytes digest, Bytes signature) {
        return nobody.verify(signer, digest, signature);
    }
}
