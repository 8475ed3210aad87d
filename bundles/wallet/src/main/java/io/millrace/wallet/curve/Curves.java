package io.millrace.wallet.curve;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses what does the arithmetic. */
public final class Curves {

    private static final Logger LOG = LoggerFactory.getLogger(Curves.class);

    private Curves() {}

    /** libsecp256k1 where it can be loaded, else Bouncy Castle; the log says which and why. */
    public static Curve load() {
        try {
            Curve curve = loadNative();
            LOG.info("Signatures are made and checked by libsecp256k1.");
            return curve;
        } catch (IOException | LinkageError e) {
            LOG.warn(
                    "Signatures are made and checked by Bouncy Castle, which takes several times as long: libsecp256k1"
                            + " cannot be loaded ({}).",
                    e.getMessage());
            return new JavaCurve();
        }
    }

    /**
     * libsecp256k1 as this bundle brings it along. It is loaded from a folder that only this user can enter, and that
     * is gone afterwards.
     *
     * @throws IOException when it cannot be used here, with the reason
     */
    static NativeCurve loadNative() throws IOException {
        try (InputStream library = Curves.class.getResourceAsStream(resource())) {
            if (library == null) {
                throw new FileNotFoundException("there is none for " + system());
            }
            Path folder = Files.createTempDirectory("millrace-wallet-");
            Path file = folder.resolve("libsecp256k1.so");
            try {
                Files.copy(library, file);
                NativeCurve curve = NativeCurve.load(file);
                check(curve);
                return curve;
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        }
    }

    static String resource() {
        return "/fr/acinq/secp256k1/jni/native/" + system() + "/libsecp256k1-jni.so";
    }

    private static String system() {
        String architecture = System.getProperty("os.arch");
        return System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-"
                + (architecture.equals("amd64") ? "x86_64" : architecture);
    }

    /** A library that answers anything else than Bouncy Castle is not used. */
    private static void check(Curve curve) throws IOException {
        byte[] digest = HexFormat.of().parseHex("e1ea39519569f796120097981d8cd0f07e7e52cd5d34bf27f6cc67930fec3a1a");
        byte[] one = new byte[Curve.DIGEST];
        one[Curve.DIGEST - 1] = 1;
        try (Curve.SigningKey key = curve.key(one);
                Curve.SigningKey same = new JavaCurve().key(one)) {
            byte[] signature = key.sign(digest);
            if (!Arrays.equals(signature, same.sign(digest))
                    || !Arrays.equals(curve.recover(digest, signature), same.publicKey())) {
                throw new IOException("it gives other signatures");
            }
        }
    }

    /** The number that v stands for. */
    static int checked(byte[] digest, byte[] signature) {
        int v = signature.length == Curve.SIGNATURE ? signature[Curve.SIGNATURE - 1] - 27 : -1;
        if (digest.length != Curve.DIGEST || v < 0 || v > 1) {
            throw new IllegalArgumentException("no digest of 32 bytes, or no signature of 65 with v of 27 or 28");
        }
        return v;
    }
}
