/**
 * Where renditions go and where results wait to be fetched.
 *
 * <p>The kernel calls publishers and verifiers; the protocol bundle reads the object store.
 */
@Export
@Version("1.0.0")
package io.millrace.api.publish;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
