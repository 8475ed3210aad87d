/** The node's budgets of memory. Every adapter that keeps bytes of others asks them. */
package io.millrace.kernel.budget;
