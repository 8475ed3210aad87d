/**
 * Jobs for capabilities that third parties bring, which the network calls BYOC: a capability's name, a
 * request's bytes, an answer's bytes. {@link io.millrace.livepeer.byoc.TokenServlet} and {@link
 * io.millrace.livepeer.byoc.ProcessServlet} take them for the orchestrator, {@link
 * io.millrace.livepeer.byoc.ProcessRequestServlet} for the gateway, and {@link io.millrace.livepeer.byoc.ProcessCalls}
 * brings them to a remote orchestrator. Orchestrators are asked over HTTP here, not over gRPC, and there is
 * no session.
 */
package io.millrace.livepeer.byoc;
