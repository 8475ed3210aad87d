package io.millrace.kernel.network;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where this node connects when somebody else names the address. A change holds for new connections. */
@ObjectClassDefinition(
        name = "Millrace network",
        description = "Where this node connects when a peer names the address. Addresses of the open internet are"
                + " allowed, and the address that you configured for the peer. A change holds for new connections.")
public @interface NetworkConfiguration {

    @AttributeDefinition(
            name = "Allowed networks",
            description = "Loopback and private networks that peers may name too, with commas between, such as"
                    + " 10.0.0.0/8 or 127.0.0.1. This node's own listeners stay refused. Empty for none.")
    String[] allowedNetworks() default {};
}
