/**
 * Jobs for capabilities that bundles bring.
 *
 * <p>Tests in the framework and of whole processes send them.
 */
package io.millrace.itests.job;
