/**
 * Hands the events of the kernel to all listeners.
 *
 * <p>The use cases call it.
 */
package io.millrace.kernel.event;
