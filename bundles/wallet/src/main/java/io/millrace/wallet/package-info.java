/**
 * The wallet of a keystore file: the account that a node speaks for on-chain.
 *
 * <p>The kernel and the settlement call it through {@link io.millrace.api.payment.Wallet}.
 */
package io.millrace.wallet;
