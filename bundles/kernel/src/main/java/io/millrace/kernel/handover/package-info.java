/**
 * Keeps what an instance that is replaced leaves to the next one, for the time between the two.
 *
 * <p>Bundles whose state must outlive their update call it through the port {@code Handover}.
 */
package io.millrace.kernel.handover;
