/** The operator's API that changes the node: streams are ended, the node is drained, and who may do it. */
package io.millrace.ops.admin;
