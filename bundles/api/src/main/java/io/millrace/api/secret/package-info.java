/**
 * Secrets that are kept outside of the configuration.
 *
 * <p>A component that has a setting of type password calls it. A configuration is seen by everybody who looks
 * at the framework, and so is what a component was given of it: a bundle that imports this package is given
 * the reference, so that only the component that reads it ever holds the secret. A bundle that does not is
 * given the secret itself.
 */
@Export
@Version("1.1.0")
package io.millrace.api.secret;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
