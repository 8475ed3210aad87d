package io.millrace.livepeer;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the wire protocol. */
@ObjectClassDefinition(
        name = "Millrace Livepeer protocol",
        description = "How this node speaks to other nodes of the network.")
public @interface LivepeerSettings {

    /** Whether segments are taken by address. */
    @AttributeDefinition(
            name = "Segments by address",
            description = "Whether an orchestrator fetches a segment from an http or https address that a gateway"
                    + " names instead of sending the segment. Addresses of the open internet are fetched, and those"
                    + " of the networks in allowedNetworks of io.millrace.kernel.network. true or false; off, such a"
                    + " segment is a bad request.")
    boolean segmentsByAddress() default false;

    /** Orchestrators to which connections are kept. */
    @AttributeDefinition(
            name = "Orchestrators connected",
            description = "How many orchestrators a gateway keeps a connection for offers to; the one unused for"
                    + " longest makes room. 1 to 4096.",
            min = "1",
            max = "4096")
    int maxPeers() default 64;

    /** Seconds after which an unused connection is closed. */
    @AttributeDefinition(
            name = "Idle connection, seconds",
            description = "After how many seconds without a call a gateway's connection for offers is closed. 1 to"
                    + " 86400.",
            min = "1",
            max = "86400")
    int peerIdleSeconds() default 300;
}
