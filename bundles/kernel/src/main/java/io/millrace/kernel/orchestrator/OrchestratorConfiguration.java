package io.millrace.kernel.orchestrator;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of an orchestrator. Those of limits take effect while jobs run. */
@ObjectClassDefinition(
        name = "Millrace orchestrator",
        description = "A node with this configuration takes jobs from gateways.")
public @interface OrchestratorConfiguration {

    @AttributeDefinition(
            description = "Address that gateways are told, such as https://example.org:8935; empty takes that of the"
                    + " service port.")
    String serviceUri() default "";

    @AttributeDefinition(description = "Sessions at once; one more is refused.", min = "1")
    int maxSessions() default 10;

    @AttributeDefinition(description = "Jobs of one session that wait behind the one that runs.", min = "0")
    int queue() default 4;

    @AttributeDefinition(
            description = "Megabytes (1024 x 1024 bytes) of input that all waiting and running jobs may hold.",
            min = "1")
    int queueMaxMegabytes() default 1024;

    @AttributeDefinition(
            description = "Seconds without a job after which a session ends; gateways of the network end theirs after"
                    + " 60.",
            min = "1")
    int sessionIdleSeconds() default 70;

    @AttributeDefinition(description = "Seconds for which results can be fetched after their session ended.", min = "0")
    int resultRetentionSeconds() default 30;

    @AttributeDefinition(description = "Megabytes (1024 x 1024 bytes) of results kept in memory.", min = "1")
    int storeMaxMegabytes() default 512;

    @AttributeDefinition(
            description = "Least seconds for a segment, from acceptance to result; gateways of the network wait 8.",
            min = "1")
    int jobTimeoutSeconds() default 8;

    @AttributeDefinition(
            description = "Time for a segment as a multiple of its length, where that is more than jobTimeoutSeconds;"
                    + " gateways of the network wait 4.",
            min = "1")
    int jobTimeoutFactor() default 4;

    @AttributeDefinition(description = "Seconds for a request that is no segment.", min = "1")
    int requestTimeoutSeconds() default 600;

    @AttributeDefinition(
            description = "Folder (absolute path) that keeps the secret of session tokens, read at start; empty makes"
                    + " a new secret at each start, so that gateways have to ask again.")
    String directory() default "";

    @AttributeDefinition(description = "Version of the network's protocol that other nodes are told.")
    String version() default "0.9.1";
}
