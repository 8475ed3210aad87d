package io.millrace.ops.settings;

import io.millrace.settings.Pid;
import java.util.Optional;

/** How the components take a changed configuration. */
@FunctionalInterface
interface Reactions {

    /**
     * Waits, not for long, until the components of a configuration have this revision of it.
     *
     * @return what a component says that does not start with it; empty when none says anything
     */
    Optional<String> refusal(Pid pid, long revision);
}
