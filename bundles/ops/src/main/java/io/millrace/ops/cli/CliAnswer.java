package io.millrace.ops.cli;

import io.millrace.api.value.Bytes;
import io.millrace.ops.web.Json;

/**
 * The answer to a request of the CLI API.
 *
 * @param type of the body; empty without one
 */
record CliAnswer(int status, String type, Bytes body) {

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String BINARY = "application/octet-stream";

    static CliAnswer done() {
        return new CliAnswer(200, "", Bytes.EMPTY);
    }

    /** A text as it is, without an end of line of its own. */
    static CliAnswer text(String text) {
        return new CliAnswer(200, text.isEmpty() ? "" : TEXT, Bytes.utf8(text));
    }

    /** Bytes as they are; Go's server calls them a text unless there is one among them that no text has. */
    static CliAnswer bytes(Bytes body) {
        boolean binary = false;
        for (byte b : body.unsafeArray()) {
            binary |= b >= 0 && b < ' ' && "\t\n\f\r\u001b".indexOf(b) < 0;
        }
        return new CliAnswer(200, body.isEmpty() ? "" : binary ? BINARY : TEXT, body);
    }

    static CliAnswer json(Object value) {
        return new CliAnswer(200, "application/json", Bytes.utf8(Json.of(value)));
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
        return new CliAnswer(status, TEXT, Bytes.utf8(line + "\n"));
    }
}
