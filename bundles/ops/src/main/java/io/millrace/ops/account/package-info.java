/** The node's account on the chain and its orchestrator's: what they are, lack and can do. The operator asks. */
package io.millrace.ops.account;
