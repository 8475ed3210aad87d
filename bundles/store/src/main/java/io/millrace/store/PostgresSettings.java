package io.millrace.store;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of a ledger that several nodes share. */
@ObjectClassDefinition(
        name = "Millrace shared ledger",
        description = "A ledger in PostgreSQL for several nodes of one account, instead of one in a file.")
@interface PostgresSettings {

    @AttributeDefinition(
            name = "Database",
            description = "The database, as jdbc:postgresql://HOST:PORT/DATABASE; its tables are made when they are not"
                    + " there.")
    String url() default "";

    @AttributeDefinition(name = "User", description = "The role that owns the tables.")
    String user() default "";

    @AttributeDefinition(
            name = "Password",
            type = AttributeType.PASSWORD,
            description = "The role's password; better file:/absolute/path or env:NAME than the password itself.")
    String password() default "";
}
