package io.millrace.kernel.payment;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of a redeemer. */
@ObjectClassDefinition(
        name = "Millrace redeemer",
        description = "A node with this configuration redeems the winning tickets that orchestrators hand to it. It needs a"
                + " wallet, a ledger and a chain.")
public @interface RedeemerConfiguration {

    @AttributeDefinition(
            name = "Recipient",
            description = "Account of the orchestrators whose tickets are redeemed, as 0x and 40 hexadecimal digits;"
                    + " tickets for any other are refused. Empty for the wallet's own account, which pays the gas in any"
                    + " case.")
    String recipient() default "";
}
