package io.millrace.kernel.orchestrator;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of an orchestrator. Those of limits take effect while jobs run. */
@ObjectClassDefinition(
        name = "Millrace orchestrator",
        description = "A node with this configuration takes jobs from gateways.")
public @interface OrchestratorConfiguration {

    @AttributeDefinition(
            name = "Service URI",
            description = "Address that gateways are told, such as https://example.org:8935; empty takes that of the"
                    + " service port.")
    String serviceUri() default "";

    @AttributeDefinition(
            name = "Maximum sessions",
            description = "Sessions at once; one more is refused. 1 or more.",
            min = "1")
    int maxSessions() default 10;

    @AttributeDefinition(
            name = "Maximum requests",
            description = "AI requests and other jobs that are no segments, at once; one more is refused. The capacity"
                    + " of a model may be less. 1 or more.",
            min = "1")
    int maxRequests() default 100;

    @AttributeDefinition(
            name = "Maximum waiting jobs",
            description = "Jobs of one session that wait behind the one that runs. 0 or more.",
            min = "0")
    int queue() default 4;

    @AttributeDefinition(
            name = "Idle sessions",
            description = "Seconds without a job after which a session ends, and without a message after which a live"
                    + " session ends; gateways of the network end theirs after 60. 1 or more.",
            min = "1")
    int sessionIdleSeconds() default 70;

    @AttributeDefinition(
            name = "Retention of results",
            description = "Seconds for which results can be fetched after their session ended. 0 or more.",
            min = "0")
    int resultRetentionSeconds() default 30;

    @AttributeDefinition(
            name = "Minimum time for a segment",
            description = "Least seconds for a segment, from acceptance to result; gateways of the network wait 8. 1"
                    + " or more.",
            min = "1")
    int jobTimeoutSeconds() default 8;

    @AttributeDefinition(
            name = "Time for long segments",
            description = "Time for a segment as a multiple of its length, where that is more than"
                    + " jobTimeoutSeconds; gateways of the network wait 4. 1 or more.",
            min = "1")
    int jobTimeoutFactor() default 4;

    @AttributeDefinition(
            name = "Time for a request",
            description = "Seconds for a request that is no segment. 1 or more.",
            min = "1")
    int requestTimeoutSeconds() default 600;

    @AttributeDefinition(
            name = "Paid work",
            description = "Whether work has to be paid on-chain. Then the node needs a wallet, a ledger and a chain;"
                    + " while one of them is missing, jobs are refused.")
    boolean onChain() default false;

    @AttributeDefinition(
            name = "Price",
            description = "What pixelsPerUnit pixels cost: an amount in wei, or in another currency, such as 0.5USD, which"
                    + " the price feed of io.millrace.arbitrum converts. 0 or more; 0 asks for nothing.")
    String pricePerUnit() default "0";

    @AttributeDefinition(
            name = "Unit of the price",
            description = "Pixels that pricePerUnit is for. 1 or more.",
            min = "1")
    long pixelsPerUnit() default 1;

    @AttributeDefinition(
            name = "Other prices",
            description = "Prices for some gateways and some work, with commas between: ADDRESS=PRICE,"
                    + " PIPELINE/MODEL=PRICE or ADDRESS/PIPELINE/MODEL=PRICE, where a price is an amount, its currency"
                    + " and the units that it is for, such as 0.5USD/1000000. The nearest one counts.")
    String[] prices() default {};

    @AttributeDefinition(
            name = "Value of a ticket",
            description = "Wei that one ticket is worth on average. Work begins with a balance of at least as much."
                    + " A whole number; it counts for new sessions.")
    String ticketValue() default "8000000000";

    @AttributeDefinition(
            name = "Maximum face value",
            description = "Wei that a winning ticket pays at most; 0 for no limit but the sender's reserve. Tickets of"
                    + " less than a redemption costs are not worth redeeming.")
    String maxFaceValue() default "0";

    @AttributeDefinition(
            name = "Gas of a redemption",
            description = "Units of gas that redeeming a ticket is reckoned with; 1200000 on Arbitrum, 350000"
                    + " elsewhere. 1 or more.",
            min = "1")
    int redeemGas() default 1_200_000;

    @AttributeDefinition(
            name = "Price with redemptions",
            description = "Whether the cost of redeeming winning tickets is added to the price. It is much where"
                    + " maxFaceValue is small.")
    boolean adjustPrice() default true;

    @AttributeDefinition(
            name = "Redeem tickets",
            description = "Whether this node redeems its winning tickets itself, where no redeemer is named. Otherwise"
                    + " they are kept until a node that shares its ledger does.")
    boolean redeemTickets() default true;

    @AttributeDefinition(
            name = "Redeemer",
            description = "Node that redeems the winning tickets of this one, as host:port; it is called over TLS and its"
                    + " certificate is not checked. It also says what senders can pay. While it cannot be asked, tickets"
                    + " are kept and handed over later. Empty: see redeemTickets.")
    String redeemer() default "";

    @AttributeDefinition(
            name = "Limit of gas in an hour",
            description = "Wei that the gas of redemptions may cost in one hour of the clock. Winning tickets wait while"
                    + " it is reached. A whole number; 0 for no limit.")
    String maxGasPerHour() default "0";

    @AttributeDefinition(
            name = "Limit of gas in a day",
            description = "The same for the hour that runs and the 23 before it.")
    String maxGasPerDay() default "0";

    @AttributeDefinition(
            name = "Folder of the secrets",
            description = "Folder (absolute path) that keeps the secrets of session tokens and of tickets, read at"
                    + " start; empty makes new ones at each start, so that gateways have to ask again.")
    String directory() default "";

    @AttributeDefinition(
            name = "Protocol version",
            description = "Version of the network's protocol that other nodes are told.")
    String version() default "0.9.1";
}
