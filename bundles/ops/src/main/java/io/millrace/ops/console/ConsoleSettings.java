package io.millrace.ops.console;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Who may use the web console. */
@ObjectClassDefinition(
        id = ConsoleSettings.PID,
        name = "Millrace web console",
        description = "Who may use the web console, and change the node from its pages.")
public @interface ConsoleSettings {

    /** Where these settings are. */
    String PID = "io.millrace.ops.console";

    /** Whether it is served. */
    @AttributeDefinition(name = "Enabled", description = "Whether the web console is served, at /system/console.")
    boolean enabled() default true;

    /** Where the password is. */
    @AttributeDefinition(
            name = "Directory",
            description = "Folder of the file console-password, an absolute path. Without one nobody has the password.",
            required = false)
    String directory() default "";

    /** The user. */
    @AttributeDefinition(name = "User", description = "Name of the user who has the password.")
    String user() default "admin";

    /** How many guesses. */
    @AttributeDefinition(
            name = "Wrong passwords",
            description = "Wrong passwords in a minute, 1 to 1000, after which nobody is asked for one for the rest of"
                    + " it; who has signed in before goes on.",
            min = "1",
            max = "1000")
    int wrongPasswords() default 10;
}
