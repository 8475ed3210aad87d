/**
 * Bounded sequences of messages between two threads of one node.
 *
 * <p>The orchestrator's server streams and live sessions run through it; the gateway hears by it that they end.
 */
package io.millrace.kernel.pipe;
