/**
 * The symmetric port: the same interface is the local orchestrator and a remote one.
 *
 * <p>The kernel implements it for the network to call; the protocol bundle implements it for the gateway to call.
 */
@Export
@Version("1.0.0")
package io.millrace.api.orchestrator;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
