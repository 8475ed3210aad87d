/**
 * What the servlets of this bundle share: plain answers, paths, quoting as go-livepeer writes them.
 *
 * <p>HTTP push and the HLS origin use it.
 */
package io.millrace.media.web;
