package io.millrace.wallet.curve;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Both implementations. */
public final class TestCurves {

    /** libsecp256k1, which every system that this is built on has. */
    public static final Curve NATIVE = loaded();

    /** Bouncy Castle. */
    public static final Curve JAVA = new JavaCurve();

    private TestCurves() {}

    private static Curve loaded() {
        try {
            return Curves.loadNative();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
