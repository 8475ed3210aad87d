package io.millrace.ops.status;

import io.millrace.api.node.NodeControl;
import io.millrace.ops.web.HostRule;
import java.util.Optional;

/** The node as the pages see it. */
public interface NodeView {

    /** As it was when last looked at, at most {@link io.millrace.ops.Poller#PERIOD} ago. */
    NodeStatus status();

    Optional<NodeControl> control();

    HostRule hosts();
}
