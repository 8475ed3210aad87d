/**
 * Whether the node serves and where: the ready line, the status file, the health page. Other packages
 * of this bundle ask {@link io.millrace.ops.status.NodeView}.
 */
package io.millrace.ops.status;
