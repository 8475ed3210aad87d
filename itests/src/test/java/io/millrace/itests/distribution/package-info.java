/**
 * What is in the unpacked distribution: its bundles, features and settings files, looked at without
 * starting anything.
 */
package io.millrace.itests.distribution;
