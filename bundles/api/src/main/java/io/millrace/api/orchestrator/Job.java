package io.millrace.api.orchestrator;

import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;

/**
 * Work to be done: what it needs, its parameters, its bytes.
 *
 * @param spec what an orchestrator must be able to do
 * @param payload the parameters
 * @param body the bytes, not read yet
 */
public record Job(JobSpec spec, Payload payload, Body body) {}
