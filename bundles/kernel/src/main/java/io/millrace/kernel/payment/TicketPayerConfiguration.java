package io.millrace.kernel.payment;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of a gateway that pays. */
@ObjectClassDefinition(
        name = "Millrace payments",
        description = "A gateway with this configuration pays orchestrators with probabilistic tickets. It needs a"
                + " wallet, a ledger and a chain.")
public @interface TicketPayerConfiguration {

    @AttributeDefinition(
            name = "Maximum value of a ticket",
            description = "Wei that one ticket may be worth on average. A whole number; it counts for the next"
                    + " payment.")
    String maxTicketValue() default "3000000000000";

    @AttributeDefinition(
            name = "Maximum value of a payment",
            description = "Wei that all tickets of one payment may be worth on average. A whole number; it counts for"
                    + " the next payment.")
    String maxPaymentValue() default "20000000000000";

    @AttributeDefinition(
            name = "Winners covered",
            description = "Winning tickets that the deposit must be able to pay. 1 or more; it counts for the next"
                    + " payment.",
            min = "1")
    int depositMultiplier() default 1;

    @AttributeDefinition(
            name = "Limit of an hour",
            description = "Wei that tickets sent in one hour of the clock may be worth on average, to all orchestrators"
                    + " together. A whole number; 0 for no limit. It counts for the next payment.")
    String maxPerHour() default "0";

    @AttributeDefinition(
            name = "Limit of a day",
            description = "The same for the hour that runs and the 23 before it.")
    String maxPerDay() default "0";

    @AttributeDefinition(
            name = "Limit of a day with one orchestrator",
            description = "The same for each orchestrator by itself; others are paid on.")
    String maxPerPeerAndDay() default "0";
}
