package io.millrace.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The log of a node. */
final class LogsCommand {

    static final Command COMMAND = new Command(
            "logs",
            "[-f] [-n LINES] [--data DIR]",
            "The end of the node's log; -f goes on with what comes",
            """
            -f         go on until Ctrl-C, also when the log begins a new file
            -n LINES   how many lines (default: 20)
            Works on a node that has stopped too.
            """,
            LogsCommand::run);

    private static final String FILE = "millrace.log";
    private static final int LINES = 20;
    private static final long LOOK_MILLIS = 200;

    private LogsCommand() {}

    private static int run(DistributionFolder home, List<String> words) throws IOException, InterruptedException {
        Options options = Options.parse(words, Set.of("--data", "-n"), Set.of("-f"));
        options.rest(0, COMMAND.synopsis());
        int lines = options.one("-n").map(LogsCommand::number).orElse(LINES);
        Path file = DataFolder.of(home, options).logs().resolve(FILE);
        if (!Files.isReadable(file)) {
            throw Refused.failed("There is no log yet at " + file + ". Does --data name the node's folder?");
        }
        try (LogTail tail = LogTail.open(file, lines)) {
            tail.copyTo(System.out);
            while (options.has("-f") && !System.out.checkError()) {
                Thread.sleep(LOOK_MILLIS);
                tail.copyTo(System.out);
            }
        }
        return 0;
    }

    private static int number(String text) {
        try {
            int lines = Integer.parseInt(text);
            if (lines >= 0) {
                return lines;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Refused("-n takes a number of lines, not '" + text + "'.");
    }
}
