package io.millrace.http;

import io.millrace.http.body.BodyLimits;
import io.millrace.http.gate.GateLimits;
import io.millrace.http.peer.ConnectionLimits;
import java.time.Duration;

/**
 * Bounds of one server.
 *
 * @param maxHeaderBytes all headers of a request together
 * @param connections how many may be open at a time
 * @param idle silence after which a connection is closed, unless a call is being served on it
 * @param gates calls at a time, and their waits
 */
record ServerLimits(
        BodyLimits body,
        int maxHeaderBytes,
        ConnectionLimits connections,
        Duration idle,
        GateLimits gates) {}
