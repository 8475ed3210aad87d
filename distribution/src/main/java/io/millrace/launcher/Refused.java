package io.millrace.launcher;

/** What the user asked for cannot be done; the message says what is wrong and what to do. */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int WRONG_COMMAND_LINE = 2;
    private static final int FAILED = 1;

    private final int exitCode;

    /** The command line is wrong: one or a few lines for a person. */
    public Refused(String message) {
        this(message, WRONG_COMMAND_LINE);
    }

    private Refused(String message, int exitCode) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** The command line is right, but the node or this machine says no: one or a few lines for a person. */
    public static Refused failed(String message) {
        return new Refused(message, FAILED);
    }

    /** How the command ends: 1 when it failed, 2 when it was wrong. */
    public int exitCode() {
        return exitCode;
    }
}
