/**
 * go-livepeer's CLI API: the requests that its {@code livepeer_cli} and operators' scripts send, answered as
 * that node answers them. Scripts call it; the operator's own API is below {@code /api/}.
 */
package io.millrace.ops.cli;
