package io.millrace.itests.process;

/** What somebody may drop into a node: a component that cannot be made. */
public final class FailingComponent {

    public FailingComponent() {
        throw new IllegalStateException("there is no camera here");
    }
}
