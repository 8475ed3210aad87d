/**
 * What a pipeline's author begins with.
 *
 * <p>{@code millrace new-pipeline} calls it.
 */
package io.millrace.launcher.author;
