package io.millrace.ops.console;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Who may use the web console. */
@ObjectClassDefinition(
        id = ConsoleSettings.PID,
        name = "Millrace web console",
        description = "Who may use the web console, and change the node from its pages.")
public @interface ConsoleSettings {

    String PID = "io.millrace.ops.console";

    @AttributeDefinition(name = "Enabled", description = "Whether the web console is served, at /system/console.")
    boolean enabled() default true;

    @AttributeDefinition(
            name = "Directory",
            description = "Folder of the file console-password, an absolute path. Without a folder nobody can sign in.",
            required = false)
    String directory() default "";

    @AttributeDefinition(name = "User", description = "Name that the operator signs in with.")
    String user() default "admin";

    @AttributeDefinition(
            name = "Wrong passwords",
            description = "How many wrong passwords within a minute are looked at, 1 to 1000. After them nobody can"
                    + " sign in for the rest of that minute; whoever has signed in before can go on.",
            min = "1",
            max = "1000")
    int wrongPasswords() default 10;
}
