package io.millrace.http;

import io.millrace.http.body.BodyLimits;
import java.time.Duration;

/**
 * Bounds of one server.
 *
 * @param maxHeaderBytes all headers of a request together
 * @param maxCalls calls that may be parked or served at a time
 * @param maxConnections connections that may be open at a time; more wait to be accepted
 * @param idle silence after which a connection is closed, unless a call is being served on it
 * @param park how long a call waits for its servlet
 * @param drain how long calls may take to end when their servlet is withdrawn or the server closes
 */
record ServerLimits(
        BodyLimits body,
        int maxHeaderBytes,
        int maxCalls,
        int maxConnections,
        Duration idle,
        Duration park,
        Duration drain) {}
