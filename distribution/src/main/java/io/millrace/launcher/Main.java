package io.millrace.launcher;

import io.millrace.launcher.author.NewBundle;
import io.millrace.launcher.config.ConfigCommand;
import io.millrace.launcher.demo.Demo;
import io.millrace.launcher.demo.Devnet;
import io.millrace.launcher.doctor.DoctorCommand;
import io.millrace.launcher.livepeer.LivepeerCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** {@code bin/millrace}. Exit codes: 0 done, 1 failed or refused by the node, 2 a wrong command line. */
public final class Main {

    private static final Set<String> HELP = Set.of("help", "-h", "-help", "--help");
    private static final Set<String> VERSION = Set.of("version", "-version", "--version");

    private static final Commands COMMANDS = new Commands(List.of(
            Demo.COMMAND,
            Devnet.COMMAND,
            NodeCommands.RUN,
            NodeCommands.START,
            NodeCommands.STOP,
            StatusCommand.COMMAND,
            StreamsCommand.COMMAND,
            MoneyCommand.COMMAND,
            PriceCommand.COMMAND,
            AccountCommand.COMMAND,
            BundlesCommand.COMMAND,
            DrainCommand.COMMAND,
            ConfigCommand.COMMAND,
            LogsCommand.COMMAND,
            DoctorCommand.COMMAND,
            PasswordCommand.COMMAND,
            NodeCommands.PREPARE,
            NewBundle.PIPELINE,
            NewBundle.POLICY,
            NewBundle.PUBLISHER,
            LivepeerCommand.COMMAND));

    private Main() {}

    /** Runs a command and exits. */
    public static void main(String[] arguments) {
        System.exit(exitCode(Arrays.asList(arguments)));
    }

    private static int exitCode(List<String> words) {
        try {
            return run(DistributionFolder.ofThisProgram(), words);
        } catch (Refused e) {
            System.err.println(e.getMessage());
            return e.exitCode();
        } catch (InterruptedException e) {
            return 1;
        } catch (Exception e) {
            System.err.println("Millrace failed: " + e);
            e.printStackTrace();
            return 1;
        }
    }

    private static int run(DistributionFolder home, List<String> words) throws Exception {
        String first = words.isEmpty() ? "help" : words.getFirst();
        if (HELP.contains(first)) {
            System.out.print(words.size() < 2 ? COMMANDS.overview(home.roles()) : COMMANDS.named(words.get(1)).help());
            return 0;
        }
        if (VERSION.contains(first)) {
            System.out.println("Millrace " + DistributionFolder.version());
            return 0;
        }
        Command command = COMMANDS.named(first);
        List<String> rest = words.subList(1, words.size());
        if (rest.size() == 1 && HELP.contains(rest.getFirst()) && !rest.getFirst().equals("help")) {
            System.out.print(command.help());
            return 0;
        }
        return command.action().run(home, rest);
    }
}
