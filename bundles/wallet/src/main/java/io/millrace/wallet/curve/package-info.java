/**
 * Signatures on the curve secp256k1: by libsecp256k1, or by Bouncy Castle where that cannot be loaded.
 *
 * <p>The wallet calls it.
 */
package io.millrace.wallet.curve;
