/**
 * Hot swap without a failed call, in one place: who serves may come and go while calls run.
 *
 * <p>The components bind and unbind; the use cases take leases.
 */
package io.millrace.kernel.lease;
