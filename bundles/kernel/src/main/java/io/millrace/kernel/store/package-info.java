/**
 * Results in memory, until their peer has fetched them.
 *
 * <p>The orchestrator puts, the wire's servlet gets.
 */
package io.millrace.kernel.store;
