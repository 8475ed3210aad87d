/**
 * Waiting by the clock that is injected, so that tests move time themselves.
 *
 * <p>The packages of the gateway call it.
 */
package io.millrace.kernel.gateway.time;
