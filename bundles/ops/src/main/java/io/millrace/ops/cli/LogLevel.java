package io.millrace.ops.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much the node writes into its log, as go-livepeer's {@code -v} counts it: to 3 what an operator should
 * know, 4 and 5 what a developer wants, from 6 everything. Until the node stops. For any thread.
 */
@Component(service = LogLevel.class)
public final class LogLevel {

    /** The variable of {@code config/logback.xml}; the launcher sets it before the log begins. */
    static final String PROPERTY = "millrace.level";

    private static final String LOG = "org.ops4j.pax.logging";
    private static final int MOST_INFO = 3;
    private static final int MOST_DEBUG = 5;
    private static final int TRACE = 6;
    private static final Logger console = LoggerFactory.getLogger("millrace");

    private final Log written;
    private int verbosity;

    /** The log, which reads its file, and with it the property, when it is told to. */
    @FunctionalInterface
    interface Log {
        void reread() throws IOException;
    }

    @Activate
    public LogLevel(@Reference ConfigurationAdmin admin) {
        this(() -> admin.getConfiguration(LOG, "?").update());
    }

    LogLevel(Log written) {
        this.written = written;
        verbosity = switch (System.getProperty(PROPERTY, "INFO")) {
            case "DEBUG" -> MOST_DEBUG;
            case "TRACE" -> TRACE;
            default -> MOST_INFO;
        };
    }

    synchronized CliAnswer get() {
        return CliAnswer.text(Integer.toString(verbosity));
    }

    CliAnswer set(Form form) {
        try {
            set(Math.clamp(WholeNumbers.parse(form.value("loglevel")), Integer.MIN_VALUE, Integer.MAX_VALUE));
            return CliAnswer.done();
        } catch (NumberFormatException e) {
            return CliAnswer.wrong("parameter 'logLevel' not defined");
        }
    }

    /**
     * From now on the log is written with this verbosity.
     *
     * @throws UncheckedIOException the log's configuration cannot be read
     */
    private synchronized void set(int level) {
        System.setProperty(PROPERTY, name(level));
        try {
            written.reread();
        } catch (IOException e) {
            System.setProperty(PROPERTY, name(verbosity));
            throw new UncheckedIOException(
                    new IOException("Nothing was changed: the log's configuration cannot be read: " + e.getMessage(), e));
        }
        verbosity = level;
        console.info("the log is written at level {} until the node stops", name(level));
    }

    private static String name(int level) {
        return level <= MOST_INFO ? "INFO" : level <= MOST_DEBUG ? "DEBUG" : "TRACE";
    }
}
