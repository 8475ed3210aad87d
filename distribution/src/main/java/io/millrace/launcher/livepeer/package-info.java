/**
 * go-livepeer's own command line, read into a role and typed settings.
 *
 * <p>{@code bin/millrace livepeer} calls it; a new flag is a line in {@link io.millrace.launcher.livepeer.Flags}.
 */
package io.millrace.launcher.livepeer;
