/**
 * Numbers for Prometheus, under the names that dashboards of this network already know. The kernel
 * feeds it by events; the rest is looked up when a scrape comes.
 */
package io.millrace.ops.metrics;
