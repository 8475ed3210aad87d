package io.millrace.wallet;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * A service that exists only while the account is unlocked. It comes from a component factory, since a component
 * without one would be a wallet before it has its key, or without one.
 */
@Component(service = Wallet.class, factory = UnlockedWallet.FACTORY)
public final class UnlockedWallet implements Wallet {

    static final String FACTORY = "io.millrace.wallet.unlocked";

    /** The property with the wallet itself; those with a full stop are not shown as properties of the service. */
    static final String WALLET = ".wallet";

    private final Wallet wallet;

    /** Made for a wallet that has just been unlocked. */
    @Activate
    public UnlockedWallet(Map<String, Object> properties) {
        wallet = (Wallet) properties.get(WALLET);
    }

    @Override
    public Address address() {
        return wallet.address();
    }

    @Override
    public Address orchestrator() {
        return wallet.orchestrator();
    }

    @Override
    public Bytes signDigest(Bytes digest) {
        return wallet.signDigest(digest);
    }

    @Override
    public boolean verify(Address signer, Bytes hash, Bytes signature) {
        return wallet.verify(signer, hash, signature);
    }
}
