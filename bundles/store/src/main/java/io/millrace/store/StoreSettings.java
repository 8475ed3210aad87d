package io.millrace.store;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the ledger. */
@ObjectClassDefinition(name = "Millrace ledger", description = "What the node keeps of tickets, balances and redemptions.")
@interface StoreSettings {

    @AttributeDefinition(
            name = "Folder of the ledger",
            description = "Folder (absolute path) that keeps the ledger, of this node alone; made when it is not there.")
    String directory() default "";
}
