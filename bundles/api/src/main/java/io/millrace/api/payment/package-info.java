/**
 * What a job costs, who vouches for it, what is written of it and where it is settled.
 *
 * <p>The kernel's gateway stages payments with it, the kernel's orchestrator takes them; the protocol bundle signs
 * with it; adapters keep the ledger and speak to the chain.
 */
@Export
@Version("2.0.0")
package io.millrace.api.payment;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
