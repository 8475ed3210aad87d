package io.millrace.api.job;

import io.millrace.api.value.ManifestId;

/**
 * A live session that is asked for.
 *
 * @param manifest the session's name, by which its balance is kept and by which it is attached to again
 * @param spec what an orchestrator must be able to do, with the capability and the model that find the pipeline
 * @param parameters the pipeline's own parameters, a JSON object
 */
public record LiveSpec(ManifestId manifest, JobSpec spec, String parameters) {}
