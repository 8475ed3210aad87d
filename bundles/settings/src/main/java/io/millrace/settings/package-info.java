/**
 * Settings as the bundles declare them: what there is, what a value may be, from which layer it comes,
 * and the commented file it is kept in. The launcher calls it before a node starts, the operator's side
 * while one runs; it knows neither OSGi services nor a network.
 */
@Export
@Version("1.0.0")
package io.millrace.settings;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
