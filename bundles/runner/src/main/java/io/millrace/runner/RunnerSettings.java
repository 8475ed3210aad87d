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
}
