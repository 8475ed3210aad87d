package io.millrace.ops.cli;

import io.millrace.ops.web.Json;
import java.nio.charset.StandardCharsets;

/**
 * The answer to a request of the CLI API.
 *
 * @param type of the body; empty without one
 */
record CliAnswer(int status, String type, String body) {

    private static final String TEXT = "text/plain; charset=utf-8";

    static CliAnswer done() {
        return new CliAnswer(200, "", "");
    }

    /** A text as it is, without an end of line of its own. */
    static CliAnswer text(String text) {
        return new CliAnswer(200, text.isEmpty() ? "" : TEXT, text);
    }

    static CliAnswer json(Object value) {
        return new CliAnswer(200, "application/json", Json.of(value));
    }

    static CliAnswer wrong(String why) {
        return problem(400, why);
    }

    static CliAnswer lacking(String what) {
        return problem(500, what);
    }

    /** Go-livepeer does this, and this node does not yet: a sentence with what to use. */
    static CliAnswer notYet(String sentence) {
        return problem(501, sentence);
    }

    static CliAnswer problem(int status, String line) {
        return new CliAnswer(status, TEXT, line + "\n");
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
