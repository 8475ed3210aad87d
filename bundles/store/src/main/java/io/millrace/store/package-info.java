/**
 * The ledger on disk: an append-only journal in one SQLite file, and tables that follow from it.
 *
 * <p>The kernel's payments write and read it through {@link io.millrace.api.payment.Ledger}.
 */
package io.millrace.store;
