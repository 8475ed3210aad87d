/**
 * Bounded sequences of messages between two threads of one node.
 *
 * <p>The orchestrator's streams and live sessions are made of them; the gateway is told by
 * {@link io.millrace.kernel.pipe.HeldPorts} when a live session ends.
 */
package io.millrace.kernel.pipe;
