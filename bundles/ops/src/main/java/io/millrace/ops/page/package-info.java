/**
 * The pages: what runs on this node, and a player that shows each segment and who made it. Browsers
 * call it; what it shows comes from events and from the node's control.
 */
package io.millrace.ops.page;
