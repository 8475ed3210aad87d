package io.millrace.arbitrum.devnet;

import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import java.math.BigInteger;
import java.security.SignatureException;
import java.util.Arrays;
import org.web3j.crypto.Bip32ECKeyPair;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Keys;
import org.web3j.crypto.MnemonicUtils;
import org.web3j.crypto.Sign;

/**
 * An account of the mnemonic that every development chain has, "test test ... junk". Everybody knows its key: it holds
 * nothing of worth anywhere. Thread-safe.
 */
public final class DevAccount implements Wallet {

    private static final String MNEMONIC = "test test test test test test test test test test test junk";
    private static final int HARDENED = Bip32ECKeyPair.HARDENED_BIT;
    private static final int SIGNATURE_LENGTH = 65;

    private final ECKeyPair keys;
    private final Address address;

    private DevAccount(ECKeyPair keys) {
        this.keys = keys;
        this.address = new Address(Bytes.hex(Keys.getAddress(keys)));
    }

    /** The account of a number, from 0. */
    public static DevAccount of(int number) {
        Bip32ECKeyPair root = Bip32ECKeyPair.generateKeyPair(MnemonicUtils.generateSeed(MNEMONIC, null));
        return new DevAccount(Bip32ECKeyPair.deriveKeyPair(
                root, new int[] {44 | HARDENED, 60 | HARDENED, HARDENED, 0, number}));
    }

    /** Its key, for a keystore of a local network: 32 bytes. */
    public BigInteger key() {
        return keys.getPrivateKey();
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Bytes signDigest(Bytes digest) {
        Sign.SignatureData signature = Sign.signMessage(digest.toArray(), keys, false);
        byte[] joined = Arrays.copyOf(signature.getR(), SIGNATURE_LENGTH);
        System.arraycopy(signature.getS(), 0, joined, 32, 32);
        joined[SIGNATURE_LENGTH - 1] = signature.getV()[0];
        return Bytes.wrap(joined);
    }

    @Override
    public boolean verify(Address signer, Bytes hash, Bytes signature) {
        if (signature.size() != SIGNATURE_LENGTH) {
            return false;
        }
        byte[] bytes = signature.toArray();
        try {
            BigInteger key = Sign.signedMessageHashToKey(
                    Ticket.signedDigest(hash).toArray(),
                    new Sign.SignatureData(
                            bytes[SIGNATURE_LENGTH - 1],
                            Arrays.copyOfRange(bytes, 0, 32),
                            Arrays.copyOfRange(bytes, 32, 64)));
            return (bytes[SIGNATURE_LENGTH - 1] & 0xff) >= 27 && Keys.getAddress(key).equals(signer.bytes().hex());
        } catch (SignatureException | RuntimeException e) {
            return false;
        }
    }
}
