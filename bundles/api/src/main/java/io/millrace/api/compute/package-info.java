/**
 * One kind of compute behind one interface.
 *
 * <p>The kernel's orchestrator calls it; pipeline bundles, third parties' included, implement it.
 */
@Export
@Version("1.1.0")
package io.millrace.api.compute;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
