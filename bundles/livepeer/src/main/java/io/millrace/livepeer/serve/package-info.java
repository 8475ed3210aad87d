/**
 * The orchestrator's side of the wire: servlets that put the kernel's orchestrator on the network.
 *
 * <p>The bundle of the sockets calls the servlets; they call the kernel and hold no state.
 */
package io.millrace.livepeer.serve;
