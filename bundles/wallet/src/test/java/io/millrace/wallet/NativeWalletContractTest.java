package io.millrace.wallet;

import io.millrace.wallet.curve.Curve;
import io.millrace.wallet.curve.TestCurves;

/** With libsecp256k1. */
class NativeWalletContractTest extends KeystoreWalletContract {

    @Override
    protected Curve curve() {
        return TestCurves.NATIVE;
    }
}
