/**
 * Calls of what is behind a port while instances come and go, in one place: who may be called now
 * ({@link io.millrace.kernel.lease.Leased}), and calls that cost no more than a thread when they hang
 * ({@link io.millrace.kernel.lease.Foreign}).
 *
 * <p>The components bind and unbind; the use cases take leases and call.
 */
package io.millrace.kernel.lease;
