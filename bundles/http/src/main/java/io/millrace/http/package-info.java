/**
 * The node's HTTP sockets: named servers, their limits, and the endpoints they announce.
 *
 * <p>Configuration calls it: one server for each configuration of {@code io.millrace.http}.
 */
package io.millrace.http;
