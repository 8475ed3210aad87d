/** Settles tickets on Livepeer's contracts: the port {@code Settlement}, by JSON-RPC and with web3j's encoders. */
package io.millrace.arbitrum;
