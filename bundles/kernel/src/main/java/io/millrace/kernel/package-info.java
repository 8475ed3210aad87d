/**
 * What the two roles of a node, gateway and orchestrator, have in common.
 *
 * <p>The components of the kernel call it; nothing of the kernel is exported.
 */
package io.millrace.kernel;
