/**
 * Bounded sequences of messages between two threads of one node.
 *
 * <p>The orchestrator's server streams and live sessions run through it.
 */
package io.millrace.kernel.pipe;
