package io.millrace.ops.eventlog;

import java.util.Locale;

/** Advises the operator what to do about an event, in a few words. */
final class Advice {

    private Advice() {}

    static String about(String outcome) {
        return switch (outcome) {
            case "dropped" -> "segments are dropped because they come faster than they are transcoded; fewer or"
                    + " smaller renditions help, or another orchestrator";
            case "no-session" -> "no orchestrator takes the segments, so only the source is published; check that one runs at the"
                    + " configured addresses and has room";
            case "untranscodable" -> "segments cannot be transcoded, so only the source is published";
            default -> "segments " + outcome;
        };
    }

    static String afterRefusal(String reason) {
        return switch (reason.toUpperCase(Locale.ROOT)) {
            case "CAPPED" -> "; if this machine has room for more, raise maxSessions";
            case "BUSY" -> "; segments come faster than they are done, fewer sessions at once help (maxSessions)";
            case "UNAVAILABLE" -> "; 'millrace status' says what this node lacks";
            case "TOKEN_EXPIRED" -> "; harmless once, else compare the clocks of both machines";
            default -> "";
        };
    }
}
