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
            name = "Limit of gas in an hour",
            description = "Wei that the gas of redemptions may cost in one hour of the clock. Tickets wait while it is"
                    + " reached. A whole number; 0 for no limit.")
    String maxGasPerHour() default "0";

    @AttributeDefinition(
            name = "Limit of gas in a day",
            description = "The same for the hour that runs and the 23 before it.")
    String maxGasPerDay() default "0";
}
