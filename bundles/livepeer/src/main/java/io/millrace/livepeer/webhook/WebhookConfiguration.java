package io.millrace.livepeer.webhook;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Which servers of the operator an orchestrator asks. */
@ObjectClassDefinition(
        name = "Millrace webhooks",
        description = "Servers of the operator's own that an orchestrator asks.")
public @interface WebhookConfiguration {

    /** Who says prices. */
    @AttributeDefinition(
            name = "Prices",
            type = AttributeType.PASSWORD,
            description = "Address, http or https, that says what a gateway is asked; empty asks nobody. The address may"
                    + " hold a key: file:/absolute/path or env:NAME says where it is.")
    String priceUrl() default "";
}
