/** What is installed in the framework. The only package that knows the framework. */
package io.millrace.ops.bundles;
