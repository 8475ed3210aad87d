package io.millrace.ops.status;

import io.millrace.api.node.NodeControl;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Makes what drains a node, for tests of other packages. */
public final class Drains {

    private Drains() {}

    public static DrainComponent of(NodeControl control, Duration limit, InstantSource clock, Runnable stop) {
        return new DrainComponent(control, limit, Duration.ofSeconds(15), clock, Optional.of(stop));
    }
}
