/**
 * Pay, carry and await: one job at one session, what a failure means, and how often it is tried again.
 *
 * <p>The gateway's streams and requests call it.
 */
package io.millrace.kernel.gateway.carry;
