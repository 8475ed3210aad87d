package io.millrace.http.gate;

import java.time.Duration;

/**
 * Bounds of all gates of a server.
 *
 * @param maxCalls calls that may be parked or served at a time
 * @param maxCallsPerAddress the same, of one remote address
 * @param park how long a call waits for a servlet
 * @param drain how long a withdrawn servlet's calls may take to end
 */
public record GateLimits(int maxCalls, int maxCallsPerAddress, Duration park, Duration drain) {}
