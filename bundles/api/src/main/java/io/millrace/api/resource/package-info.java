/**
 * What a node has only so much of, and strangers can use up.
 *
 * <p>Every adapter that keeps bytes of others, or works on them natively, asks it first; the kernel implements it.
 */
@Export
@Version("1.0.0")
package io.millrace.api.resource;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
