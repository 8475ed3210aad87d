/**
 * The gateway: streams and jobs go in, an orchestrator is found, asked, chosen, paid and called.
 *
 * <p>Ingest adapters call it through the gates of the api; its component wires it.
 */
package io.millrace.kernel.gateway;
