package io.millrace.settings;

/** The places that a value may come from; a later one wins over an earlier one. */
public enum Layer {
    /** The bundle that has the setting. */
    BUNDLE("default"),
    /** The role of the node. */
    ROLE("role"),
    /** A file that comes with the distribution. */
    SHIPPED("file"),
    /** A file of this node. */
    OWN("file"),
    /** The command line of this run. */
    FLAG("flag");

    private final String word;

    Layer(String word) {
        this.word = word;
    }

    /** As the operator knows it. */
    @Override
    public String toString() {
        return word;
    }
}
