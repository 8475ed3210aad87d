/** Where this node may connect. Every adapter that connects to an address of a peer's asks it. */
package io.millrace.kernel.network;
