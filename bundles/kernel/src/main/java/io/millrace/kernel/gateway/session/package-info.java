/**
 * The sessions of a gateway with orchestrators: who is listed, who offers what is needed, who is chosen.
 *
 * <p>The attempts on segments and requests call {@link io.millrace.kernel.gateway.session.SessionPool}.
 */
package io.millrace.kernel.gateway.session;
