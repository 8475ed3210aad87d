package io.millrace.http;

import java.net.URI;

/** Tells the node that a server can be reached. */
@FunctionalInterface
interface Announcer {

    /**
     * Announces a server.
     *
     * @return takes it back
     */
    Runnable announce(String name, URI uri);
}
