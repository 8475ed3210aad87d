/**
 * The certificate of the TLS port: made once, kept in a file.
 *
 * <p>The component calls it before it opens a port.
 */
package io.millrace.http.tls;
