/**
 * What an instance that is replaced leaves to the next one, for the moment between the two.
 *
 * <p>Bundles with something to show that must outlive them call it.
 */
package io.millrace.kernel.estate;
