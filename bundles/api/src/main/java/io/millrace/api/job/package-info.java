/**
 * What is asked for: a job as data, its video profiles, its body.
 *
 * <p>Gateways write jobs, orchestrators and pipelines read them.
 */
@Export
@Version("1.0.0")
package io.millrace.api.job;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
