package io.millrace.launcher.livepeer;

import java.util.List;
import java.util.stream.Collectors;

/** Every flag of go-livepeer with what it is here, for {@code -help}. */
final class FlagList {

    private static final int WIDTH = 100;
    private static final String INDENT = "      ";

    private FlagList() {}

    /** Those that there are, then the others with what to do instead. */
    static String text() {
        StringBuilder text = new StringBuilder("Flags that are there:\n");
        for (Flag flag : Flags.KNOWN) {
            text.append("  -").append(flag.name());
            String settings = flag.targets().keySet().stream()
                    .map(target -> target.replace('/', '.'))
                    .collect(Collectors.joining(", "));
            text.append(settings.isEmpty() ? "" : "  sets " + settings).append('\n');
        }
        text.append("\nFlags that are refused, with what to do instead:\n");
        for (Flag.Missing missing : Flags.MISSING) {
            String names = missing.names().stream().map(name -> "-" + name).collect(Collectors.joining(", "));
            wrapped(text, "  ", names);
            wrapped(text, INDENT, missing.instead()
                    + missing.harmless().map(value -> " With the value " + value + " it is taken.").orElse(""));
        }
        return text.toString();
    }

    private static void wrapped(StringBuilder text, String indent, String words) {
        int column = indent.length();
        text.append(indent);
        for (String word : List.of(words.split(" "))) {
            if (column + word.length() > WIDTH) {
                text.append('\n').append(indent);
                column = indent.length();
            }
            text.append(word).append(' ');
            column += word.length() + 1;
        }
        text.setLength(text.length() - 1);
        text.append('\n');
    }
}
