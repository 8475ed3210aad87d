package org.example.loudness;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the loudness pipeline. */
@ObjectClassDefinition(name = "Loudness", description = "Measures the loudness of sound after EBU R 128.")
@interface LoudnessSettings {

    @AttributeDefinition(description = "Sessions at once. More are refused as busy.", min = "1", max = "1000")
    int sessions() default 16;

    @AttributeDefinition(
            description = "Files measured at once, each by one processor; more wait. 0 stands for the number of"
                    + " processors.",
            min = "0",
            max = "256")
    int concurrency() default 0;

    @AttributeDefinition(description = "Largest file that is taken, in bytes.", min = "1000", max = "300000000")
    int maxBytes() default 100_000_000;

    @AttributeDefinition(description = "Whether the true peak is measured too, which takes four times as long.")
    boolean truePeak() default true;

    @AttributeDefinition(
            description = "Seconds that stopping waits for files in work; they are cancelled first.",
            min = "1",
            max = "300")
    int stopSeconds() default 10;
}
