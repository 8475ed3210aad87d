package io.millrace.ops.status;

import java.util.List;

/** A part of the node that knows of problems which the kernel does not see. */
public interface NodeChecks {

    /** What makes it do less than it could. One sentence each; asked twice a second. */
    List<String> cautions();

    /** What keeps it from serving. One sentence each; asked twice a second. */
    default List<String> obstacles() {
        return List.of();
    }
}
