package io.millrace.ops.status;

import java.util.List;

/** Somebody who knows what is wrong with the node, beside the kernel. */
public interface NodeChecks {

    /** What makes it do less than it could. One sentence each; asked twice a second. */
    List<String> cautions();

    /** What keeps it from serving. One sentence each; asked twice a second. */
    default List<String> obstacles() {
        return List.of();
    }
}
