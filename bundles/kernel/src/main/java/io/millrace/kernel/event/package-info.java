/**
 * How the kernel speaks: events to everybody who listens.
 *
 * <p>The use cases call it.
 */
package io.millrace.kernel.event;
