/** What all pages of an operator's server have in common. The servlets of this bundle extend it. */
package io.millrace.ops.web;
