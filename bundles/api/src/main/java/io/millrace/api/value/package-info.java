/**
 * Values that every port shares: bytes, capabilities, prices, deadlines and the one fault.
 *
 * <p>Everybody calls it; it calls nobody.
 */
@Export
@Version("1.1.0")
package io.millrace.api.value;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
