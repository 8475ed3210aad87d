/**
 * Who is out there, how an address becomes an orchestrator, and which one is chosen.
 *
 * <p>The kernel's gateway calls it.
 */
@Export
@Version("1.1.0")
package io.millrace.api.network;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
