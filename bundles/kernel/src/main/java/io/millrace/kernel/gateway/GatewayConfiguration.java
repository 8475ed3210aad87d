package io.millrace.kernel.gateway;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of a gateway; the role exists while there is a configuration of this name. */
@ObjectClassDefinition(
        name = "Millrace gateway",
        description = "Takes streams and jobs in and has orchestrators do them. Settings take effect while streams run.")
public @interface GatewayConfiguration {

    @AttributeDefinition(
            name = "Orchestrators",
            description = "Addresses to ask, with commas between: https://host:8935, host:8935 or host."
                    + " loopback: is the orchestrator of this very node. Empty when a directory bundle knows them.")
    String[] orchestrators() default {};

    @AttributeDefinition(
            name = "Maximum streams", description = "Streams at once, 1 to 10000.", min = "1", max = "10000")
    int maxSessions() default 10;

    @AttributeDefinition(
            name = "Maximum attempts",
            description = "Attempts for each segment or job, 1 to 20; being turned away by a full orchestrator is none.",
            min = "1",
            max = "20")
    int maxAttempts() default 3;

    @AttributeDefinition(
            name = "Maximum waiting segments",
            description = "Segments of a stream that wait while others are in work, 1 to 1000."
                    + " When there are more, the oldest is dropped.",
            min = "1",
            max = "1000")
    int queueSegments() default 8;

    @AttributeDefinition(
            name = "Maximum parallel segments",
            description = "Segments of a stream in work at once, 1 to 64.",
            min = "1",
            max = "64")
    int parallelSegments() default 4;

    @AttributeDefinition(
            name = "Reordered segments",
            description = "Later segments that may arrive before an earlier one is passed over, 0 to 64.",
            min = "0",
            max = "64")
    int reorderSegments() default 8;

    @AttributeDefinition(
            name = "Reordering time",
            description = "Milliseconds that an earlier segment is waited for, 0 to 60000.",
            min = "0",
            max = "60000")
    int reorderWaitMillis() default 1500;

    @AttributeDefinition(
            name = "Grace time",
            description = "Seconds that a stream outlives its publisher, who may come back, 0 to 3600.",
            min = "0",
            max = "3600")
    int graceSeconds() default 10;

    @AttributeDefinition(
            name = "Finishing time",
            description = "Seconds that work in hand may take when a stream or the gateway ends, 0 to 300.",
            min = "0",
            max = "300")
    int finishSeconds() default 10;

    @AttributeDefinition(
            name = "Discovery time",
            description = "Milliseconds after which a round of discovery is content with whoever answered, 10 to 6000.",
            min = "10",
            max = "6000")
    int discoveryTimeoutMillis() default 500;

    @AttributeDefinition(
            name = "Candidates",
            description = "Orchestrators that each stream keeps ready, 1 to 100.",
            min = "1",
            max = "100")
    int candidates() default 8;

    @AttributeDefinition(
            name = "Waiting for an orchestrator",
            description = "Milliseconds that a segment waits for an orchestrator to be found after the last one was"
                    + " lost, 0 to 60000.",
            min = "0",
            max = "60000")
    int waitForOrchestratorMillis() default 4000;

    @AttributeDefinition(
            name = "Looking for an orchestrator",
            description = "Milliseconds that an AI request, or another job that is no segment, looks for an orchestrator"
                    + " that takes it, before it is turned away, 100 to 600000.",
            min = "100",
            max = "600000")
    int requestRetryMillis() default 2000;

    @AttributeDefinition(
            name = "Minimum version",
            description = "Orchestrators of an older version than this get no jobs, such as 0.9.1; empty for any.")
    String minVersion() default "";

    @AttributeDefinition(
            name = "On-chain",
            description = "Orchestrators are paid. Without a bundle that pays, no segment and no request is sent.")
    boolean onChain() default false;

    @AttributeDefinition(
            name = "Maximum price",
            description = "What is paid at most for pixelsPerUnit pixels, where orchestrators are paid: an amount in wei,"
                    + " or in another currency, such as 0.5USD, which the price feed of io.millrace.arbitrum converts."
                    + " Dearer orchestrators get no jobs. 0 or more; 0 pays any price.")
    String maxPricePerUnit() default "0";

    @AttributeDefinition(
            name = "Unit of the maximum price",
            description = "Pixels that maxPricePerUnit is for. 1 or more.",
            min = "1")
    long pixelsPerUnit() default 1;

    @AttributeDefinition(
            name = "Other maximum prices",
            description = "Maximum prices for some work, with commas between: PIPELINE=PRICE or PIPELINE/MODEL=PRICE,"
                    + " where a price is an amount, its currency and the units that it is for, such as 0.5USD/1000000.")
    String[] maxPrices() default {};
}
