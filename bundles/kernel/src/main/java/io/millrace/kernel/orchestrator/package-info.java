/**
 * The orchestrator: takes jobs from gateways, works through them session by session, keeps the results.
 *
 * <p>The protocol bundle calls it through the port {@code Orchestrator}; it calls pipelines.
 */
package io.millrace.kernel.orchestrator;
