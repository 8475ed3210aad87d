/**
 * What an operator's own server is asked, over HTTP.
 *
 * <p>The kernel's orchestrator calls it.
 */
package io.millrace.livepeer.webhook;
