/**
 * AI jobs of the network: an image, a sound or a text in, JSON out, with the media that belong to it. {@link
 * io.millrace.livepeer.ai.AiServlet} takes them for the gateway, {@link io.millrace.livepeer.ai.AiJobServlet} for the
 * orchestrator; {@link io.millrace.livepeer.ai.AiRequest} is what both read. To a remote orchestrator they are brought
 * by {@code io.millrace.livepeer.call.AiCalls}.
 */
package io.millrace.livepeer.ai;
