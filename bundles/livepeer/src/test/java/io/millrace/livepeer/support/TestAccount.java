package io.millrace.livepeer.support;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;

/** An Ethereum account that signs and verifies as nodes on-chain do, with code that is not ours. */
public final class TestAccount implements Wallet {

    private static final ECDomainParameters CURVE = new ECDomainParameters(CustomNamedCurves.getByName("secp256k1"));

    private final BigInteger key;

    /** The account of a private key. */
    public TestAccount(String hexKey) {
        this.key = new BigInteger(hexKey, 16);
    }

    @Override
    public Address address() {
        return address(CURVE.getG().multiply(key));
    }

    @Override
    public Bytes signDigest(Bytes digest) {
        byte[] message = digest.toArray();
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(key, CURVE));
        BigInteger[] rs = signer.generateSignature(message);
        BigInteger s = rs[1].min(CURVE.getN().subtract(rs[1]));
        byte[] signature = new byte[65];
        System.arraycopy(word(rs[0]), 0, signature, 0, 32);
        System.arraycopy(word(s), 0, signature, 32, 32);
        for (int v = 27; v <= 28; v++) {
            signature[64] = (byte) v;
            if (isSignature(address(), message, signature)) {
                return Bytes.of(signature);
            }
        }
        throw new AssertionError("no recovery id fits");
    }

    @Override
    public boolean verify(Address signer, Bytes hash, Bytes signature) {
        return isSignature(signer, personal(hash), signature.toArray());
    }

    private static boolean isSignature(Address signer, byte[] message, byte[] bytes) {
        if (bytes.length != 65 || bytes[64] != 27 && bytes[64] != 28) {
            return false;
        }
        BigInteger n = CURVE.getN();
        BigInteger r = new BigInteger(1, Arrays.copyOfRange(bytes, 0, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(bytes, 32, 64));
        if (s.compareTo(n.shiftRight(1)) > 0 || r.signum() == 0 || s.signum() == 0) {
            return false;
        }
        byte[] compressed = new byte[33];
        compressed[0] = (byte) (bytes[64] - 27 + 2);
        System.arraycopy(word(r), 0, compressed, 1, 32);
        try {
            ECPoint point = CURVE.getCurve().decodePoint(compressed);
            BigInteger inverse = r.modInverse(n);
            BigInteger e = new BigInteger(1, message);
            ECPoint publicKey = point.multiply(s.multiply(inverse).mod(n))
                    .subtract(CURVE.getG().multiply(e.multiply(inverse).mod(n)));
            return address(publicKey).equals(signer);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] personal(Bytes digest) {
        byte[] prefix = ("\u0019Ethereum Signed Message:\n32").getBytes(StandardCharsets.US_ASCII);
        return Keccak256.of(prefix, digest.unsafeArray()).toArray();
    }

    private static Address address(ECPoint point) {
        byte[] encoded = point.normalize().getEncoded(false);
        byte[] hash = Keccak256.of(Arrays.copyOfRange(encoded, 1, 65)).toArray();
        return new Address(Bytes.of(Arrays.copyOfRange(hash, 12, 32)));
    }

    private static byte[] word(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] word = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, word, 32 - length, length);
        return word;
    }
}
