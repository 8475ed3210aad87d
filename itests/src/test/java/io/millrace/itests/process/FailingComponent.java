package io.millrace.itests.process;

/** A component whose constructor fails, as a bundle that is dropped into a node may have. */
public final class FailingComponent {

    public FailingComponent() {
        throw new IllegalStateException("there is no camera here");
    }
}
