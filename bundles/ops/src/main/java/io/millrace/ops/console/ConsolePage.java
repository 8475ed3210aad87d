package io.millrace.ops.console;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the framework's console, kept back until it is whole and then corrected: phones are told that it fits them,
 * and a component that rightly does nothing is not called unsatisfied. What is no text passes as it is.
 */
final class ConsolePage extends HttpServletResponseWrapper {

    static final String NOT_IN_THIS_ROLE = "not in this role";

    private static final String HEAD = "<head>";
    private static final String VIEWPORT = HEAD + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />";
    private static final Pattern UNSATISFIED =
            Pattern.compile("(\"name\":\"([\\w.$]+)\",\"state\":\")unsatisfied \\(reference\\)\"");

    private final StringWriter text = new StringWriter();
    private PrintWriter writer;

    ConsolePage(HttpServletResponse response) {
        super(response);
    }

    @Override
    public PrintWriter getWriter() {
        if (writer == null) {
            writer = new PrintWriter(text);
        }
        return writer;
    }

    /** What is written so far is not sent yet. */
    @Override
    public void flushBuffer() throws IOException {
        if (writer == null) {
            super.flushBuffer();
        }
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        text.getBuffer().setLength(0);
    }

    @Override
    public void reset() {
        super.reset();
        text.getBuffer().setLength(0);
    }

    /** Sends the page, if there is one. */
    void send(Set<String> idle) throws IOException {
        if (writer != null) {
            writer.flush();
            getResponse().getWriter().write(corrected(text.toString(), idle));
        }
    }

    static String corrected(String page, Set<String> idle) {
        int head = page.indexOf(HEAD);
        String fitting = head < 0 ? page : page.substring(0, head) + VIEWPORT + page.substring(head + HEAD.length());
        return UNSATISFIED.matcher(fitting).replaceAll(found -> Matcher.quoteReplacement(
                idle.contains(found.group(2)) ? found.group(1) + NOT_IN_THIS_ROLE + "\"" : found.group()));
    }
}
