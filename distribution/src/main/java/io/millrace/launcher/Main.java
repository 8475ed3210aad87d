package io.millrace.launcher;

import io.millrace.launcher.demo.Demo;
import io.millrace.launcher.livepeer.LivepeerCommand;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code bin/millrace}. Exit codes: 0 done, 1 failed, 2 refused for what was asked. */
public final class Main {

    /** Does what the words after its name say; the exit code. */
    interface Command {
        int run(Home home, List<String> words) throws Exception;
    }

    private static final Map<String, Command> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("demo", Demo::run);
        COMMANDS.put("run", NodeCommands::run);
        COMMANDS.put("start", NodeCommands::start);
        COMMANDS.put("stop", NodeCommands::stop);
        COMMANDS.put("status", NodeCommands::status);
        COMMANDS.put("prepare", NodeCommands::prepare);
        COMMANDS.put("livepeer", LivepeerCommand::run);
    }

    private static final String USAGE =
            """
            Usage: millrace COMMAND

              demo [FILE] [--loop] [--seconds N]   a stream through a gateway and an orchestrator, to look at
              run ROLE [--set PID.key=value ...]   a node in this terminal; roles: %s
              start ROLE [--set PID.key=value ...] the same in the background
              status [--json]                      what the node says of itself
              prepare                              make starts on this machine faster, once; some seconds
              stop                                 finish what is in work, then stop
              livepeer FLAGS...                    a node by go-livepeer's own command line

            --data DIR holds all state of a node and names it for every command (default: data/ in the
            distribution). Settings are described in config/, one file per PID.
            """;

    private Main() {}

    /** Runs a command and exits. */
    public static void main(String[] arguments) {
        System.exit(exitCode(arguments));
    }

    private static int exitCode(String... arguments) {
        try {
            Home home = Home.ofThisProgram();
            List<String> words = Arrays.asList(arguments);
            if (words.isEmpty() || List.of("help", "-h", "-help", "--help").contains(words.getFirst())) {
                System.out.print(USAGE.formatted(String.join(", ", home.roles())));
                return 0;
            }
            if (List.of("version", "-version", "--version").contains(words.getFirst())) {
                System.out.println("Millrace " + Home.version());
                return 0;
            }
            Command command = COMMANDS.get(words.getFirst());
            if (command == null) {
                throw new Refused("There is no command '" + words.getFirst() + "'."
                        + Nearest.hint(words.getFirst(), COMMANDS.keySet()) + " 'millrace help' lists them.");
            }
            return command.run(home, words.subList(1, words.size()));
        } catch (Refused e) {
            System.err.println(e.getMessage());
            return 2;
        } catch (InterruptedException e) {
            return 1;
        } catch (Exception e) {
            System.err.println("Millrace failed: " + e);
            e.printStackTrace();
            return 1;
        }
    }
}
