package io.millrace.http;

import java.time.Duration;

/**
 * How an address is left for another.
 *
 * @param accepting how long it still accepts connections
 * @param serving how long connections are served after that, unless they end by themselves
 */
record AddressChange(Duration accepting, Duration serving) {}
