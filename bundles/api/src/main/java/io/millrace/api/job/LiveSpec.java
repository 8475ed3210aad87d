package io.millrace.api.job;

/**
 * A live session that is asked for.
 *
 * @param spec what an orchestrator must be able to do
 * @param capability the capability's number, which finds the pipeline
 * @param model the model's name, empty where there is none
 * @param parameters the pipeline's own parameters, a JSON object
 */
public record LiveSpec(JobSpec spec, int capability, String model, String parameters) {}
