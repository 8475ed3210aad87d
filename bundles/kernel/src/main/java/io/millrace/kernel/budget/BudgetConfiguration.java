package io.millrace.kernel.budget;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How much memory the work of others may take. A change holds for what comes from then on. */
@ObjectClassDefinition(
        name = "Millrace memory",
        description = "Memory that uploads, queued segments, results and playlists may take together. What finds no"
                + " room is refused as busy. A change holds for what comes from then on.")
public @interface BudgetConfiguration {

    @AttributeDefinition(
            name = "Share of the heap",
            description = "Percent of the JVM's largest heap, 10 to 80.",
            min = "10",
            max = "80")
    int heapPercent() default 50;

    @AttributeDefinition(
            name = "Memory for codecs",
            description = "Megabytes (1024 x 1024 bytes) outside of the heap that codecs may take together for frames,"
                    + " 0 to 1000000. 0 is half of the machine's memory that the heap leaves.",
            min = "0",
            max = "1000000")
    int nativeMegabytes() default 0;
}
