package io.millrace.ops.cli;

/** The parameters of a request, from its query or its body. */
interface Form {

    /** The value of a parameter; empty when it was not sent. */
    String value(String name);

    /** Whether it was sent with POST. */
    boolean posted();
}
