package io.millrace.ops.settings;

import io.millrace.settings.Schema;

/** What the installed bundles declare. */
public interface Schemas {

    /**
     * All declarations at this moment; the same object while no bundle comes, goes or is updated. Any thread;
     * asked for each configuration of each component.
     */
    Schema now();

    /**
     * Whether the bundle that declares a kind of configuration reads secrets by their reference itself, so that
     * it need not be given them.
     */
    boolean readsSecrets(String kind);
}
