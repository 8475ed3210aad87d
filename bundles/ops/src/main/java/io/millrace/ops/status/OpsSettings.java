package io.millrace.ops.status;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What the operator's view says about the node. */
@ObjectClassDefinition(
        id = OpsSettings.PID,
        name = "Millrace operation",
        description = "Status file, health, metrics and pages of the node.")
public @interface OpsSettings {

    String PID = "io.millrace.ops";

    @AttributeDefinition(
            name = "Role",
            description = "Role of this node: gateway, orchestrator or combined.")
    String role() default "node";

    @AttributeDefinition(
            name = "Version",
            description = "Version of Millrace that is shown to the operator and to monitoring.")
    String version() default "unknown";

    @AttributeDefinition(
            name = "Folder of the status file",
            description = "Directory of status.json, an absolute path. Without one no file is written.",
            required = false)
    String directory() default "";

    @AttributeDefinition(
            name = "Data folder",
            description = "Directory of all state of the node. It is only shown; the launcher fills it in.",
            required = false)
    String data() default "";

    @AttributeDefinition(
            name = "Sockets",
            description = "Sockets that must be open before the node is ready, such as http, rtmp, admin."
                    + " Several values or one with commas.",
            required = false)
    String[] endpoints() default {};

    @AttributeDefinition(
            name = "Host names",
            description = "Names by which the operator's port is reached, beside localhost and addresses. Several"
                    + " values or one with commas. A request for any other name is refused, because a foreign web"
                    + " page could use such a name to read what is here.",
            required = false)
    String[] hostNames() default {};

    @AttributeDefinition(
            name = "Time for ending",
            description = "Seconds that streams and sessions may go on after 'millrace drain' before they are ended;"
                    + " new ones are refused at once. The command can name another limit. 0 to 86400.",
            min = "0",
            max = "86400")
    int letEndSeconds() default 300;

    @AttributeDefinition(
            name = "Time for work in hand",
            description = "Seconds that work in hand has to finish when the node is told to stop. 0 to 3600.",
            min = "0",
            max = "3600")
    int drainSeconds() default 15;
}
