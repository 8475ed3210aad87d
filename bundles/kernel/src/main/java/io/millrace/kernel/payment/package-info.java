/**
 * Who pays whom when nobody does: the off-chain mode.
 *
 * <p>Both roles call it until a wallet and a ledger take its place.
 */
package io.millrace.kernel.payment;
