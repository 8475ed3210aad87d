package io.millrace.arbitrum;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an operator may set of discovery on the chain. */
@ObjectClassDefinition(
        name = "Millrace discovery on the chain",
        description = "A gateway with this configuration finds orchestrators on the chain: those of the active set.")
public @interface PoolDirectoryConfiguration {

    /** Whether it is done. */
    @AttributeDefinition(
            name = "Find orchestrators on the chain",
            description = "Whether the orchestrators of the active set are asked, beside those that the gateway's"
                    + " setting orchestrators names. true or false.")
    boolean enabled() default true;

    /** The folder. */
    @AttributeDefinition(
            name = "Folder",
            description = "Folder (absolute path) for pool.json, in which they are remembered over a restart.")
    String directory() default "";

    /** The pause between two reads. */
    @AttributeDefinition(
            name = "Time between two reads, minutes",
            description = "How often the active set is read from the chain; also with each new round. 1 to 1440.",
            min = "1",
            max = "1440")
    int readMinutes() default 60;
}
