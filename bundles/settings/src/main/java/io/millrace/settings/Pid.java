package io.millrace.settings;

import java.util.regex.Pattern;

/**
 * A configuration: of a kind that exists once, or one of several of a kind, {@code kind~name}.
 *
 * @param kind PID, or factory PID
 * @param name empty for one that exists once
 */
public record Pid(String kind, String name) implements Comparable<Pid> {

    private static final Pattern FORM = Pattern.compile("[\\w.-]{1,200}(~[\\w.-]{1,100})?");

    /** Reads {@code kind} or {@code kind~name}. */
    public static Pid of(String text) {
        int tilde = text.indexOf('~');
        return tilde < 0 ? new Pid(text, "") : new Pid(text.substring(0, tilde), text.substring(tilde + 1));
    }

    /** Whether a text has the form of one. */
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(Pid other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return name.isEmpty() ? kind : kind + "~" + name;
    }
}
