package io.millrace.launcher;

import io.millrace.settings.PasswordFile;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The web console's password, which is shown when it is made and never again. */
public final class PasswordCommand {

    static final Command COMMAND = new Command(
            "password",
            "[--data DIR]",
            "Makes a new password for the web console and shows it",
            """
            The old one no longer works from now on; a running node takes the new one at once. The user is
            'admin'. Only a hash is kept.
            """,
            PasswordCommand::run);

    private PasswordCommand() {}

    private static int run(DistributionFolder home, List<String> words) {
        Options options = Options.parse(words, Set.of("--data"), Set.of());
        options.rest(0, COMMAND.synopsis());
        DataFolder data = DataFolder.of(home, options);
        data.create();
        System.out.println(renewed(data));
        return 0;
    }

    /** Makes the first password of a node, and shows it: there is no other that works. */
    public static void first(DataFolder data) {
        if (!new PasswordFile(data.directory().resolve(PasswordFile.NAME)).exists()) {
            System.out.println("Web console: user 'admin', password '" + renewed(data)
                    + "'. It is shown this once; 'millrace password' makes a new one.");
        }
    }

    private static String renewed(DataFolder data) {
        try {
            return new PasswordFile(data.directory().resolve(PasswordFile.NAME)).renew();
        } catch (IOException e) {
            throw Refused.failed("The password cannot be written to " + data.directory() + " (" + e.getMessage() + ").");
        }
    }
}
