package io.millrace.ops.settings;

import java.util.List;
import java.util.regex.Pattern;

/** Finds the sentence for the operator in an exception, or in the stack trace of a component that did not start. */
public final class FailureMessage {

    private static final Pattern CLASS = Pattern.compile("^(Caused by: )?(\\w+\\.)+[A-Z][\\w$]*(: )?");
    private static final int LONGEST = 300;
    static final int MOST_CAUSES = 20;

    private FailureMessage() {}

    static String message(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; i < MOST_CAUSES && cause.getCause() != null; i++) {
            cause = cause.getCause();
        }
        return message(cause.toString());
    }

    public static String message(String trace) {
        if (trace == null || trace.isBlank()) {
            return "it does not start";
        }
        List<String> causes = trace.lines().filter(line -> line.startsWith("Caused by: ")).toList();
        String line = causes.isEmpty() ? trace.lines().findFirst().orElse("") : causes.getLast();
        String message = CLASS.matcher(line).replaceFirst("").strip();
        String text = message.isEmpty() ? line.strip() : message;
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
