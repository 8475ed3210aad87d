package io.millrace.launcher;

import io.millrace.settings.ClosestName;
import java.util.List;

/**
 * What {@code millrace} can do.
 *
 * @param all in the order in which they are listed
 */
record Commands(List<Command> all) {

    /**
     * The command of this name.
     *
     * @throws Refused when there is none, with the one that was probably meant
     */
    Command named(String name) {
        return all.stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refused("There is no command '" + name + "'."
                        + ClosestName.hint(name, all.stream().map(Command::name).toList())
                        + " 'millrace help' lists them."));
    }

    /** A line for each. */
    String overview(List<String> roles) {
        int width = all.stream().mapToInt(command -> command.name().length()).max().orElse(0);
        StringBuilder text = new StringBuilder("Usage: millrace COMMAND\n\n");
        all.forEach(command -> text.append("  ")
                .append(command.name())
                .repeat(' ', width + 2 - command.name().length())
                .append(command.summary())
                .append('\n'));
        return text.append("""

                'millrace help COMMAND' tells more. Roles of a node: %s.
                --data DIR holds all state of a node and names it for every command (default: data/ in the
                distribution). Settings are described in config/, one file per PID.
                """.formatted(String.join(", ", roles))).toString();
    }
}
