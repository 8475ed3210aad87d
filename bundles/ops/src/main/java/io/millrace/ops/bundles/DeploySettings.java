package io.millrace.ops.bundles;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where bundles are dropped, and where the node's own come from. */
@ObjectClassDefinition(
        id = DeploySettings.PID,
        name = "Millrace deploy folders",
        description = "Folders into which bundles are dropped while the node runs.")
public @interface DeploySettings {

    String PID = "io.millrace.ops.deploy";

    @AttributeDefinition(
            name = "Folders",
            description = "Folders whose bundles run in the node: absolute paths, several values or one with commas.")
    String[] folders() default {};

    @AttributeDefinition(
            name = "Distribution",
            description = "Folder of the bundles that come with the node: an absolute path. When a dropped bundle lacks"
                    + " something, the log names the bundle here that has it. A dropped bundle replaces the one here that"
                    + " has its name.",
            required = false)
    String distribution() default "";
}
