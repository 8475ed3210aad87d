/** What an operator sees of a node. Nothing here is exported; the framework calls the components. */
package io.millrace.ops;
