/** A chain with Livepeer's contracts on this machine, for tests and for trying things out. */
package io.millrace.arbitrum.devnet;
