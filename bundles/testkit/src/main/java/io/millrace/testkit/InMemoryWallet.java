package io.millrace.testkit;

import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An account whose signatures look like real ones, 65 bytes with v of 27, but are only hashes: nobody outside of its
 * registry can verify them. The same name gives the same account. Thread-safe.
 */
public final class InMemoryWallet implements Wallet {

    private final Registry registry;
    private final Address address;
    private volatile boolean available = true;
    private volatile Address orchestrator;

    private InMemoryWallet(Registry registry, Address address) {
        this.registry = registry;
        this.address = address;
        this.orchestrator = address;
    }

    /** The accounts that can verify each other. */
    public static final class Registry {

        private final Map<Address, Bytes> secrets = new ConcurrentHashMap<>();

        /** The account of this name. */
        public InMemoryWallet wallet(String name) {
            Bytes secret = Keccak256.of(Bytes.utf8(name));
            byte[] hash = Keccak256.of(secret).unsafeArray();
            Address address = new Address(Bytes.wrap(Arrays.copyOfRange(hash, hash.length - Address.LENGTH, hash.length)));
            secrets.put(address, secret);
            return new InMemoryWallet(this, address);
        }

        /** Whether the account of this registry signed this. */
        public boolean verify(Address signer, Bytes hash, Bytes signature) {
            Bytes secret = secrets.get(signer);
            return secret != null && signature(secret, Ticket.signedDigest(hash)).equals(signature);
        }
    }

    /** From now on its key can, or cannot, be used. */
    public void available(boolean newAvailable) {
        available = newAvailable;
    }

    /** From now on it works for this orchestrator, for which it cannot sign. */
    public void orchestrator(Address newOrchestrator) {
        orchestrator = newOrchestrator;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Address orchestrator() {
        return orchestrator;
    }

    @Override
    public Bytes signDigest(Bytes digest) {
        if (!available) {
            throw new Fault(Fault.Consequence.RETRY_HERE, "the key of the test cannot be used now");
        }
        return signature(registry.secrets.get(address), digest);
    }

    @Override
    public boolean verify(Address signer, Bytes hash, Bytes signature) {
        return registry.verify(signer, hash, signature);
    }

    private static Bytes signature(Bytes secret, Bytes digest) {
        byte[] signature = new byte[65];
        byte[] r = Keccak256.of(new byte[] {'r'}, secret.unsafeArray(), digest.unsafeArray()).unsafeArray();
        byte[] s = Keccak256.of(new byte[] {'s'}, secret.unsafeArray(), digest.unsafeArray()).unsafeArray();
        System.arraycopy(r, 0, signature, 0, r.length);
        System.arraycopy(s, 0, signature, r.length, s.length);
        signature[r.length] &= 0x7f;
        signature[64] = 27;
        return Bytes.wrap(signature);
    }
}
