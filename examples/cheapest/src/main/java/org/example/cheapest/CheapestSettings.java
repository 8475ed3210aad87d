package org.example.cheapest;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the policy. */
@ObjectClassDefinition(name = "Cheapest selection", description = "Prefers orchestrators that ask for less.")
@interface CheapestSettings {

    @AttributeDefinition(
            description = "How much dearer the orchestrator of the segment before may be and keep the stream, in"
                    + " percent: changing costs its viewers a moment.",
            min = "0",
            max = "1000")
    int stayPercent() default 20;

    @AttributeDefinition(
            description = "Highest price, in wei for a million pixels. Who asks for more is not used; 0 is no limit.",
            min = "0")
    long maxWeiPerMegapixel() default 0;
}
