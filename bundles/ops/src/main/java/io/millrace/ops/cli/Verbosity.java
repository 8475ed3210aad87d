package io.millrace.ops.cli;

/** {@code /getLogLevel} and {@code /setLogLevel}. */
final class Verbosity {

    private final LogLevel level;

    Verbosity(LogLevel level) {
        this.level = level;
    }

    Answer get() {
        return Answer.text(Integer.toString(level.verbosity()));
    }

    Answer set(Form form) {
        try {
            level.set(Math.clamp(Whole.parse(form.value("loglevel")), Integer.MIN_VALUE, Integer.MAX_VALUE));
            return Answer.done();
        } catch (NumberFormatException e) {
            return Answer.wrong("parameter 'logLevel' not defined");
        }
    }
}
