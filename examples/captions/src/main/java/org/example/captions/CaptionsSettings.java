package org.example.captions;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the captions pipeline. */
@ObjectClassDefinition(name = "Captions", description = "Turns SubRip captions (.srt) into WebVTT (.vtt).")
@interface CaptionsSettings {

    @AttributeDefinition(description = "Sessions at once. More are refused as busy.", min = "1", max = "1000")
    int sessions() default 16;

    @AttributeDefinition(description = "Largest file that is taken, in bytes.", min = "1", max = "100000000")
    int maxBytes() default 2_000_000;
}
