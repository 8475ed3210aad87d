package io.millrace.ops.bundles;

import java.util.List;
import java.util.Map;

/** The bundles of the node. Any thread; cheap while nothing changes. */
public interface BundleStates {

    /** Each bundle, ours first, then the dropped ones, by name. */
    List<BundleState> all();

    /** How many bundles are in each of OSGi's states. */
    Map<String, Integer> counts();

    /** Files in a deploy folder that are no bundles, one line each with the reason. */
    List<String> refusedFiles();
}
