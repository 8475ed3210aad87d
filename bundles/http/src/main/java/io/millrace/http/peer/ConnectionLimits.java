package io.millrace.http.peer;

/**
 * How many connections may be open at a time.
 *
 * @param most of all peers together
 * @param mostPerAddress of one remote address
 */
public record ConnectionLimits(int most, int mostPerAddress) {}
