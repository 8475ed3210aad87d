/**
 * The wire protocol of the Livepeer network: messages, their mapping, servlets and client links.
 *
 * <p>Nobody calls it by name: it offers servlets and {@link io.millrace.api.network.Links} as services.
 */
package io.millrace.livepeer;
