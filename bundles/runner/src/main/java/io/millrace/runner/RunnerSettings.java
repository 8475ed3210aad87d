package io.millrace.runner;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Which models an orchestrator has, and where. */
@ObjectClassDefinition(
        name = "Millrace AI runners",
        description = "AI pipelines that run elsewhere, in programs with ai-runner's HTTP interface.")
public @interface RunnerSettings {

    /** The file of the models. */
    @AttributeDefinition(
            name = "Models",
            description = "The file that names them (absolute path), in the form of go-livepeer's aiModels.json with a url"
                    + " for each model. Empty for none. The file is read again when it changes; jobs that run go on.")
    String models() default "";

    /** What a price of the file is for where it does not say. */
    @AttributeDefinition(
            name = "Pixels per unit",
            description = "The pixels_per_unit of an entry that has a price_per_unit and does not say it: 1 or more.")
    long pixelsPerUnit() default 1;
}
