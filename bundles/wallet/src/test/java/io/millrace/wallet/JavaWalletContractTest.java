package io.millrace.wallet;

import io.millrace.wallet.curve.Curve;
import io.millrace.wallet.curve.TestCurves;

/** With Bouncy Castle. */
class JavaWalletContractTest extends KeystoreWalletContract {

    @Override
    protected Curve curve() {
        return TestCurves.JAVA;
    }
}
