package io.millrace.arbitrum;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an operator may set of settlement. */
@ObjectClassDefinition(
        name = "Millrace settlement",
        description = "The chain that tickets are settled on: which nodes of it are asked, and how.")
public @interface ArbitrumConfiguration {

    /** Nodes of the chain. */
    @AttributeDefinition(
            name = "Nodes of the chain",
            type = AttributeType.PASSWORD,
            description = "Addresses of JSON-RPC, http or https, as a list or separated by commas. The first one that"
                    + " works is asked. Such an address often holds a key: each may be file:/absolute/path or env:NAME"
                    + " instead, which says where it is.")
    String[] urls() default {};

    /** The contract that knows the others. */
    @AttributeDefinition(
            name = "Controller",
            description = "Address of the contract Controller, from which the others are found. The default is that of"
                    + " the Livepeer network on Arbitrum One.")
    String controller() default "0xD8E8328501E9645d16Cf49539efC04f734606ee4";

    /** The contract that knows what a currency is worth. */
    @AttributeDefinition(
            name = "Price feed",
            description = "Address of the contract that says what ETH costs in another currency, with Chainlink's"
                    + " interface AggregatorV3. It is read only where a price is in such a currency. The default is"
                    + " ETH / USD on Arbitrum One.")
    String priceFeed() default "0x639Fe6ab55C921f74e7fac1ee960C0B6293ba612";

    /** The chain's id. */
    @AttributeDefinition(
            name = "Chain id",
            description = "A node of another chain is not used. 42161 is Arbitrum One; 0 takes the chain of the node"
                    + " that answers first, of which the others must be too. 0 to 9007199254740991.",
            min = "0",
            max = "9007199254740991")
    long chainId() default 0;

    /** Time between two looks at the chain. */
    @AttributeDefinition(
            name = "Time between two looks, seconds",
            description = "How often the newest block is asked for. 1 to 60.",
            min = "1",
            max = "60")
    int pollSeconds() default 5;

    /** Time for one answer. */
    @AttributeDefinition(
            name = "Time for an answer, seconds",
            description = "How long a node of the chain may take to answer. 1 to 120.",
            min = "1",
            max = "120")
    int answerSeconds() default 20;

    /** Age that is still acted on. */
    @AttributeDefinition(
            name = "Greatest age, minutes",
            description = "How long after the last answer of any node what is known of the chain is still acted on. 1"
                    + " to 1440.",
            min = "1",
            max = "1440")
    int maxAgeMinutes() default 15;

    /** Whether two nodes are asked. */
    @AttributeDefinition(
            name = "Check answers across nodes",
            description = "Whether two nodes are asked for blocks, events and the state of contracts, and neither is"
                    + " believed when they differ. Takes two addresses or more. true or false.")
    boolean crossCheck() default false;

    /** Time until a transaction is replaced. */
    @AttributeDefinition(
            name = "Stuck transaction, seconds",
            description = "After how long in no block a transaction is replaced by one that offers 11% more for gas."
                    + " 5 to 3600.",
            min = "5",
            max = "3600")
    int replaceSeconds() default 120;

    /** Replacements of one transaction. */
    @AttributeDefinition(
            name = "Replacements",
            description = "How often a stuck transaction is replaced; then it is waited for. 0 to 20.",
            min = "0",
            max = "20")
    int maxReplacements() default 3;

    /** Gas that is too dear. */
    @AttributeDefinition(
            name = "Maximum price of gas",
            description = "Wei for a unit of gas, base fee and tip together, above which no transaction is sent; what"
                    + " waits is tried again later. A whole number; 0 for any price.")
    String maxGasPrice() default "0";

    /** Whether rounds are initialized. */
    @AttributeDefinition(
            name = "Initialize rounds",
            description = "Whether this node initializes a round that has begun, when nobody else does: until then no"
                    + " ticket can be redeemed. It costs gas. true or false.")
    boolean initializeRound() default false;

    /** Greatest delay before a round is initialized. */
    @AttributeDefinition(
            name = "Delay of an initialization, seconds",
            description = "A round is initialized after a random delay of this at most, so that not all nodes do it at"
                    + " once. 0 to 3600.",
            min = "0",
            max = "3600")
    int initializeRoundMaxDelaySeconds() default 30;

    /** Whether rewards are called. */
    @AttributeDefinition(
            name = "Call rewards",
            description = "Whether this node calls the reward of each round once while its account is an active"
                    + " orchestrator: a round without that call earns no LPT. It costs gas. true or false.")
    boolean reward() default false;
}
