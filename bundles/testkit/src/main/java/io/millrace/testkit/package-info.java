/**
 * The contract test of each port, the fakes that pass them, a clock that stands still, sample segments.
 *
 * <p>Tests of Millrace and of third parties' adapters extend and call it; it is never deployed.
 */
@Export
@Version("1.0.0")
package io.millrace.testkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
