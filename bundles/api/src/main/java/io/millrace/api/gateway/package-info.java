/**
 * The doors into a gateway: media streams, AI requests and live sessions.
 *
 * <p>Ingest adapters (RTMP, HTTP push) call it; the kernel implements it.
 */
@Export
@Version("1.0.0")
package io.millrace.api.gateway;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
