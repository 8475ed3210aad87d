/**
 * What a job costs and who vouches for it.
 *
 * <p>The kernel's gateway stages a payment with it; the protocol bundle signs with it.
 */
@Export
@Version("1.0.0")
package io.millrace.api.payment;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
