package io.millrace.ops.web;

/** Decides by the {@code Authorization} header of a request whether it may change the node. */
public interface Authority {

    /** Whether this {@code Authorization} header, null when there is none, may change the node. */
    boolean permits(String header);

    /** A sentence for a caller without a right: what is needed, and where it is. */
    String hint();
}
