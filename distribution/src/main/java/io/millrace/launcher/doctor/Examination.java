package io.millrace.launcher.doctor;

import java.util.List;

/** Looks at one thing that a node needs. */
@FunctionalInterface
interface Examination {

    /** Looks; changes nothing, and sends nothing to other machines. */
    List<Finding> look(Patient patient) throws InterruptedException;
}
