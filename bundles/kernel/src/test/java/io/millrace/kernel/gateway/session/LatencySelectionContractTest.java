package io.millrace.kernel.gateway.session;

import io.millrace.api.network.SelectionPolicy;
import io.millrace.testkit.SelectionPolicyContract;

class LatencySelectionContractTest extends SelectionPolicyContract {

    @Override
    protected SelectionPolicy policy() {
        return new LatencySelection();
    }
}
