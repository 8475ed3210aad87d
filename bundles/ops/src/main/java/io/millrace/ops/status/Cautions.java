package io.millrace.ops.status;

import java.util.List;

/** Somebody who knows what makes the node do less than it could, beside the kernel. */
public interface Cautions {

    /** One sentence each; asked twice a second. */
    List<String> cautions();
}
