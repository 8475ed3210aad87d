package io.millrace.arbitrum.devnet;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of a local chain. */
@ObjectClassDefinition(
        name = "Millrace local chain",
        description = "A node with this configuration runs a chain of this machine with Livepeer's contracts, to try"
                + " things out. Its money is worth nothing.")
public @interface DevnetConfiguration {

    @AttributeDefinition(
            name = "Folder",
            description = "Folder (absolute path) for the accounts' keystores, and for devnet.json, which says where"
                    + " all is once the chain runs.")
    String directory() default "";

    @AttributeDefinition(
            name = "Folder of the tools",
            description = "Folder (absolute path) for what npm brings; empty takes one in the folder above. Several"
                    + " local chains may share it.")
    String tools() default "";

    @AttributeDefinition(
            name = "Port",
            description = "Port of JSON-RPC on loopback. 0 to 65535; 0 for any that is free.",
            min = "0",
            max = "65535")
    int port() default 8545;

    @AttributeDefinition(
            name = "Time between blocks, seconds",
            description = "A block is made so often, and for each transaction. 0 to 60; 0 for transactions only.",
            min = "0",
            max = "60")
    int blockSeconds() default 1;

    @AttributeDefinition(
            name = "Length of a round, blocks",
            description = "Blocks of a round, 100 to 10000. Rounds are initialized by themselves.",
            min = "100",
            max = "10000")
    int roundBlocks() default 100;

    @AttributeDefinition(
            name = "Orchestrators",
            description = "Addresses such as https://127.0.0.1:8935 of orchestrators, each of which is registered with"
                    + " an account of its own. At most 9, as a list or separated by commas.")
    String[] orchestrators() default {};

    @AttributeDefinition(
            name = "Gateways",
            description = "Accounts that are funded with a deposit and a reserve of 1 ETH each. 0 to 9.",
            min = "0",
            max = "9")
    int gateways() default 1;
}
