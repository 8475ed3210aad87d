/**
 * Who is at the other end of a connection: how many there may be, who goes first when room is short, and who has left.
 *
 * <p>The server puts every connection and every request through it; gates ask it about the client of a call.
 */
package io.millrace.http.peer;
