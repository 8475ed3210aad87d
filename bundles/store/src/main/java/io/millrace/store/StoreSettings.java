package io.millrace.store;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the ledger. */
@ObjectClassDefinition(name = "Millrace ledger", description = "What the node keeps of tickets, balances and redemptions.")
@interface StoreSettings {

    @AttributeDefinition(
            name = "Folder of the ledger",
            description = "Folder (absolute path) that keeps the ledger in a file, for this node alone; made when it is"
                    + " not there.")
    String directory() default "";

    @AttributeDefinition(
            name = "Shared database",
            description = "A PostgreSQL database that several nodes share, as jdbc:postgresql://HOST:PORT/NAME. Empty"
                    + " keeps the ledger in the folder.")
    String database() default "";

    @AttributeDefinition(name = "User", description = "The role that owns the tables of the shared database.")
    String user() default "";

    @AttributeDefinition(
            name = "Password",
            type = AttributeType.PASSWORD,
            description = "The role's password; better file:/absolute/path or env:NAME than the password itself.")
    String password() default "";
}
