/**
 * Files of a private key behind a password, as go-ethereum makes them (Web3 Secret Storage, version 3).
 *
 * <p>The wallet calls it when it is unlocked.
 */
package io.millrace.wallet.keystore;
