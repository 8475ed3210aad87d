package io.millrace.ops.console;

import io.millrace.ops.web.Html;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The end of the node's log file as a page of the web console, the newest line first. */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=" + LogPage.LABEL,
            "felix.webconsole.title=Log",
            "felix.webconsole.category=Millrace"
        })
public final class LogPage extends HttpServlet {

    static final String LABEL = "log";

    private static final long serialVersionUID = 1;

    /** Where the launcher puts the log files. */
    private static final String FOLDER = "millrace.logs";

    private static final int BYTES = 1 << 16;

    private final transient Path file;

    @Activate
    public LogPage(@Reference(target = "(http.felix.dispatcher=*)") HttpServlet bridge) {
        this(Path.of(System.getProperty(FOLDER, "logs"), "millrace.log"));
    }

    LogPage(Path file) {
        this.file = file;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PrintWriter out = response.getWriter();
        out.printf("<div class=\"settings\"><p>The newest lines of <code>%s</code></p>", Html.text(file.toString()));
        try {
            List<String> lines = end();
            out.print(lines.isEmpty() ? "<p>Nothing has been written yet.</p>" : "<ol class=\"lines\">");
            lines.reversed().forEach(line -> out.printf(
                    "<li%s>%s</li>", line.matches("\\S+ \\S+ (WARN|ERROR) .*") ? " class=\"problem\"" : "", Html.text(line)));
            out.print(lines.isEmpty() ? "" : "</ol>");
        } catch (IOException e) {
            out.printf("<p class=\"problem\">It cannot be read: %s.</p>", Html.text(String.valueOf(e.getMessage())));
        }
        out.print("</div>");
    }

    /** Without the line that its beginning cuts. */
    private List<String> end() throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, log.length() - BYTES);
            byte[] bytes = new byte[(int) (log.length() - from)];
            log.seek(from);
            log.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return from > 0 && lines.size() > 1 ? lines.subList(1, lines.size()) : lines;
        }
    }
}
