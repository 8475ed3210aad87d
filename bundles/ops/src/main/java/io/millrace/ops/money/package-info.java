/** What an on-chain node earns and pays, for the operator. */
package io.millrace.ops.money;
