package io.millrace.ops.settings;

import io.millrace.settings.Pid;
import java.util.Optional;
import java.util.Set;

/** Finds out how the components take a changed configuration. */
interface Reactions {

    /**
     * What was wrong before a change.
     *
     * @param failure the number of the last complaint
     * @param failures why components did not start
     * @param anew whether one of them starts again with another configuration only, not with other values
     */
    record Before(long failure, Set<String> failures, boolean anew) {}

    Before before(Pid pid);

    /**
     * Waits, not for long, until the components of a configuration have this revision of it.
     *
     * @return what a component says that does not take it; empty when none says anything
     */
    Optional<String> refusal(Pid pid, long revision, Before before);

    /**
     * Starts components of a configuration again that did not start before, once they have this revision of it. Those
     * that exist without a configuration keep their failure whatever values they are given.
     */
    void restart(Pid pid, long revision);

    /** Why a component of a configuration did not start because of its values; empty when all did, or for another cause. */
    Optional<String> unusable(Pid pid);
}
