package io.millrace.http;

import java.net.URI;

/** Registers the address at which a server can be reached, so that the rest of the node finds it. */
@FunctionalInterface
interface EndpointRegistry {

    /**
     * Registers a server.
     *
     * @return ends the registration when it is run
     */
    Runnable register(String name, URI uri);
}
