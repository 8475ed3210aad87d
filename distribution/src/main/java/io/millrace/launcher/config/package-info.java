/**
 * {@code bin/millrace config}: shows and changes settings, of the node that runs on a data folder or, when none
 * runs, in its files with the same checks.
 */
package io.millrace.launcher.config;
