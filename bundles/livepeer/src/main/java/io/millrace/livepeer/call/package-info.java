/**
 * The gateway's side of the wire: objects that stand for remote orchestrators.
 *
 * <p>The kernel calls them through {@link io.millrace.api.network.Links}.
 */
package io.millrace.livepeer.call;
