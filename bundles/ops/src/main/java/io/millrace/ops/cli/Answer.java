package io.millrace.ops.cli;

import io.millrace.ops.web.Json;
import java.nio.charset.StandardCharsets;

/**
 * What a request is answered.
 *
 * @param type of the body; empty without one
 */
record Answer(int status, String type, String body) {

    private static final String TEXT = "text/plain; charset=utf-8";

    static Answer done() {
        return new Answer(200, "", "");
    }

    /** A text as it is, without an end of line of its own. */
    static Answer text(String text) {
        return new Answer(200, text.isEmpty() ? "" : TEXT, text);
    }

    static Answer json(Object value) {
        return new Answer(200, "application/json", Json.of(value));
    }

    static Answer wrong(String why) {
        return problem(400, why);
    }

    static Answer lacking(String what) {
        return problem(500, what);
    }

    /** Go-livepeer does this, and this node does not yet: a sentence with what to use. */
    static Answer notYet(String sentence) {
        return problem(501, sentence);
    }

    static Answer problem(int status, String line) {
        return new Answer(status, TEXT, line + "\n");
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
