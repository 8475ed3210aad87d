/**
 * AI pipelines that run elsewhere, in programs with ai-runner's HTTP interface that the operator names in go-livepeer's
 * {@code aiModels.json}. The kernel's orchestrator calls {@link io.millrace.runner.RunnerPipeline}.
 */
package io.millrace.runner;
