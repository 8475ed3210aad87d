package io.millrace.api.network;

import java.net.URI;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Who is out there. */
@ConsumerType
public interface Directory {

    /**
     * An orchestrator that may be asked.
     *
     * @param address where to ask
     * @param trust 0 for none; 1 and above for an orchestrator the operator named
     */
    record Listing(URI address, double trust) {}

    /** Everybody known now, in no order; never blocks for long: sources are read in the background. */
    List<Listing> listings();
}
