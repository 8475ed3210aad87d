package io.millrace.wallet.curve;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.math.ec.custom.sec.SecP256K1Curve;
import org.bouncycastle.util.BigIntegers;

/**
 * Bouncy Castle, for systems that libsecp256k1 is not there for. It takes several times as long, and its key is a
 * number in the heap that nothing can wipe: closing it only lets go of it.
 */
public final class JavaCurve implements Curve {

    private static final SecP256K1Curve CURVE = new SecP256K1Curve();
    private static final ECPoint GENERATOR = CURVE.createPoint(
            new BigInteger("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16),
            new BigInteger("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8", 16));
    private static final BigInteger ORDER = CURVE.getOrder();
    private static final ECDomainParameters DOMAIN = new ECDomainParameters(CURVE, GENERATOR, ORDER);

    @Override
    public String name() {
        return "Bouncy Castle";
    }

    @Override
    public byte[] recover(byte[] digest, byte[] signature) {
        int v = Curves.checked(digest, signature);
        BigInteger r = BigIntegers.fromUnsignedByteArray(signature, 0, DIGEST);
        BigInteger s = BigIntegers.fromUnsignedByteArray(signature, DIGEST, DIGEST);
        return isScalar(r) && isScalar(s) ? recover(BigIntegers.fromUnsignedByteArray(digest), r, s, v) : new byte[0];
    }

    private static boolean isScalar(BigInteger number) {
        return number.signum() > 0 && number.compareTo(ORDER) < 0;
    }

    private static byte[] recover(BigInteger digest, BigInteger r, BigInteger s, int v) {
        byte[] compressed = new byte[1 + DIGEST];
        compressed[0] = (byte) (2 + v);
        BigIntegers.asUnsignedByteArray(r, compressed, 1, DIGEST);
        ECPoint point;
        try {
            point = CURVE.decodePoint(compressed);
        } catch (IllegalArgumentException e) {
            // no point of the curve has this x
            return new byte[0];
        }
        BigInteger inverse = BigIntegers.modOddInverse(ORDER, r);
        BigInteger ofGenerator = digest.negate().multiply(inverse).mod(ORDER);
        ECPoint key = ECAlgorithms.sumOfTwoMultiplies(
                GENERATOR, ofGenerator, point, s.multiply(inverse).mod(ORDER));
        return key.isInfinity() ? new byte[0] : bytes(key);
    }

    private static byte[] bytes(ECPoint key) {
        return Arrays.copyOfRange(key.getEncoded(false), 1, 1 + PUBLIC_KEY);
    }

    @Override
    public SigningKey key(byte[] secret) {
        BigInteger number = BigIntegers.fromUnsignedByteArray(secret);
        if (secret.length != DIGEST || !isScalar(number)) {
            throw new IllegalArgumentException("no private key of 32 bytes");
        }
        return new Key(number);
    }

    private static final class Key implements SigningKey {

        private final byte[] publicKey;
        private volatile ECPrivateKeyParameters secret;

        Key(BigInteger number) {
            publicKey = bytes(new FixedPointCombMultiplier().multiply(GENERATOR, number).normalize());
            secret = new ECPrivateKeyParameters(number, DOMAIN);
        }

        @Override
        public byte[] publicKey() {
            return publicKey.clone();
        }

        @Override
        public byte[] sign(byte[] digest) {
            if (digest.length != DIGEST) {
                throw new IllegalArgumentException("a digest has 32 bytes, not " + digest.length);
            }
            ECPrivateKeyParameters now = secret;
            if (now == null) {
                throw new IllegalStateException("the key has been wiped");
            }
            ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
            signer.init(true, now);
            BigInteger[] made = signer.generateSignature(digest);
            BigInteger r = made[0];
            BigInteger s = made[1].min(ORDER.subtract(made[1]));
            // The signer does not say which of the two points it was.
            boolean first = Arrays.equals(publicKey, recover(BigIntegers.fromUnsignedByteArray(digest), r, s, 0));
            byte[] signature = new byte[SIGNATURE];
            BigIntegers.asUnsignedByteArray(r, signature, 0, DIGEST);
            BigIntegers.asUnsignedByteArray(s, signature, DIGEST, DIGEST);
            signature[SIGNATURE - 1] = (byte) (first ? 27 : 28);
            return signature;
        }

        @Override
        public void close() {
            secret = null;
        }

        @Override
        public String toString() {
            return "a key of Bouncy Castle";
        }
    }
}
