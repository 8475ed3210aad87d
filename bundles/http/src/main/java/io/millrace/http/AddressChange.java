package io.millrace.http;

import java.time.Duration;

/**
 * The times that apply when a server moves from one address to another.
 *
 * @param accepting how long it still accepts connections
 * @param serving how long connections are served after that, unless they end by themselves
 */
record AddressChange(Duration accepting, Duration serving) {}
