package io.millrace.launcher;

import java.util.List;

/**
 * A word after {@code millrace}.
 *
 * @param name the word
 * @param usage what may follow it
 * @param summary what it does, in a few words
 * @param details what a person who uses it wants to know, some lines
 * @param action how it is done
 */
public record Command(String name, String usage, String summary, String details, Action action) {

    /** Does what the words after its name say; the exit code. */
    @FunctionalInterface
    public interface Action {

        /**
         * Does it.
         *
         * @throws Refused when the words are wrong or it cannot be done
         */
        int run(DistributionFolder home, List<String> words) throws Exception;
    }

    /** How it is written. */
    public String synopsis() {
        return usage.isEmpty() ? "millrace " + name : "millrace " + name + " " + usage;
    }

    /** All there is to say about it. */
    String help() {
        String text = "Usage: " + synopsis() + "\n\n" + summary + ".\n";
        return details.isEmpty() ? text : text + "\n" + details.stripTrailing() + "\n";
    }
}
