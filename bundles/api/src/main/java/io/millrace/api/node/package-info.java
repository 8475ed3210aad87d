/**
 * What an operator may see and ask of a running node.
 *
 * <p>The operator's bundle calls it; the kernel and the listeners implement it.
 */
@Export
@Version("1.1.0")
package io.millrace.api.node;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
