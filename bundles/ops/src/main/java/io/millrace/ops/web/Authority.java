package io.millrace.ops.web;

/** Knows by whom the node may be changed: by whoever can read the secret of this run. */
public interface Authority {

    /** Whether this {@code Authorization} header, null when there is none, may change the node. */
    boolean permits(String header);

    /** A sentence for a caller without a right: what is needed, and where it is. */
    String hint();
}
