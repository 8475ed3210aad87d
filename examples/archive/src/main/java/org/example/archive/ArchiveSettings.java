package org.example.archive;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the archive. */
@ObjectClassDefinition(name = "Archive", description = "Writes the segments of all streams into a folder.")
@interface ArchiveSettings {

    @AttributeDefinition(description = "Absolute path of the folder. Nothing is written until it is set.")
    String directory() default "";

    @AttributeDefinition(
            description = "Most that one stream may fill, in megabytes. The rest of it is not archived.",
            min = "1",
            max = "10000000")
    int streamMegabytes() default 10_000;
}
